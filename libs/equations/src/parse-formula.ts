import { closestName } from "@basin/contracts";
import { functionNames, highestOrder, type Formula, type FunctionName, type Operator, type Vocabulary } from "./formula";
import { FormulaError } from "./formula-error";
import { tokensOf, type Token } from "./tokens";

/** Two formulas that are to be equal. */
export interface Equation {
  left: Formula;
  right: Formula;
}

/** Parentheses and signs within one another. */
const deepest = 60;

/** Reads a formula: numbers, names, + - * / ^, parentheses and functions. Throws FormulaError with the place of what cannot be read. */
export function parseFormula(text: string, vocabulary: Vocabulary): Formula {
  const reader = new Reader(text, vocabulary);
  const formula = reader.sum();
  reader.expectEnd("the formula");
  return formula;
}

/** Reads `a = b`. Throws FormulaError as `parseFormula` does. */
export function parseEquation(text: string, vocabulary: Vocabulary): Equation {
  const reader = new Reader(text, vocabulary);
  const left = reader.sum();
  reader.expectSign("=", "an equation has two sides, e.g. u_t = alpha*u_xx");
  const right = reader.sum();
  reader.expectEnd("the equation");
  return { left, right };
}

class Reader {
  readonly #tokens: readonly Token[];
  #next = 0;
  #depth = 0;

  constructor(
    text: string,
    private readonly vocabulary: Vocabulary,
  ) {
    this.#tokens = tokensOf(text);
  }

  sum(): Formula {
    if ((this.#depth += 1) > deepest) throw this.#error(`is nested more than ${deepest} times`, "split it into simpler parts");
    let left = this.#product();
    for (let operator = this.#take("+", "-"); operator; operator = this.#take("+", "-"))
      left = binary(operator, left, this.#product());
    this.#depth -= 1;
    return left;
  }

  expectSign(sign: string, hint: string): void {
    if (this.#peek().text !== sign || this.#peek().kind === "end")
      throw this.#unexpected(`"${sign}"`, this.#operatorHint(this.#peek()) ?? hint);
    this.#next += 1;
  }

  expectEnd(what: string): void {
    const token = this.#peek();
    if (token.kind === "end") return;
    if (token.text === "=") throw this.#error('found a second "="', "an equation has one");
    if (token.text === ")") throw this.#error('found ")" without a "(" before it', "take it away, or open the parenthesis");
    throw this.#unexpected(`the end of ${what}`, this.#operatorHint(token));
  }

  #product(): Formula {
    let left = this.#signed();
    for (let operator = this.#take("*", "/"); operator; operator = this.#take("*", "/"))
      left = binary(operator, left, this.#signed());
    return left;
  }

  /** A sign binds less than a power: -x^2 is -(x^2). */
  #signed(): Formula {
    const { at } = this.#peek();
    if (!this.#take("-")) return this.#power();
    if ((this.#depth += 1) > deepest) throw this.#error(`has more than ${deepest} signs in a row`);
    const of = this.#signed();
    this.#depth -= 1;
    return { kind: "negative", of, span: { start: at, end: of.span.end } };
  }

  /** Powers go from right to left, and the exponent may have a sign. */
  #power(): Formula {
    const base = this.#primary();
    return this.#take("^") ? binary("^", base, this.#signed()) : base;
  }

  #primary(): Formula {
    const token = this.#peek();
    const span = { start: token.at, end: token.at + token.text.length };
    if (token.kind === "number") {
      this.#next += 1;
      const value = Number(token.text);
      if (!Number.isFinite(value)) throw new FormulaError(`${token.text} is too large a number`, token.at, token.text.length);
      return { kind: "number", value, span };
    }
    if (token.kind === "name") {
      this.#next += 1;
      return this.#named(token);
    }
    if (token.text !== "(") throw this.#unexpected("a number, a name or (");
    this.#next += 1;
    const inner = this.sum();
    this.#close(token);
    return inner;
  }

  #named(token: Token): Formula {
    const { unknowns, coordinates, constants } = this.vocabulary;
    const { text, at } = token;
    const span = { start: at, end: at + text.length };
    const place = this.#peek();
    const calls = place.text === "(";
    const [name = "", suffix] = text.split("_");
    if (unknowns.includes(name)) return this.#unknown(token, name, suffix);
    const call = functionNames.find((one) => one === text);
    if (call !== undefined) {
      if (!calls) throw this.#unexpected(`"(" behind ${text}`, `e.g. ${text}(${coordinates[0] ?? "x"})`);
      return this.#call(call, at);
    }
    const known = coordinates.includes(text) ? "coordinate" : constants.includes(text) || text === "pi" ? "constant" : null;
    if (known === null) throw this.#stranger(text, at, name, suffix, calls);
    if (calls)
      throw new FormulaError(`found "(" behind ${text}, which is a ${known} and no function`, place.at, 1, `write ${text}*(…)`);
    return { kind: known, name: text, span };
  }

  #call(name: FunctionName, at: number): Formula {
    const open = this.#peek();
    this.#next += 1;
    const of = this.sum();
    if (this.#peek().text === ",") throw this.#error(`found ",", but ${name} has one argument`, "a decimal has a point");
    const close = this.#close(open);
    return { kind: "call", name, of, span: { start: at, end: close.at + 1 } };
  }

  #unknown({ text, at }: Token, name: string, suffix: string | undefined): Formula {
    const { coordinates } = this.vocabulary;
    const orders = suffix === undefined ? coordinates.map(() => 0) : ordersOf(suffix, coordinates);
    const where = at + name.length + 1;
    if (orders === null || suffix === "") {
      const known = coordinates.join(", ");
      throw new FormulaError(
        suffix === ""
          ? `${text} names no coordinate`
          : `${text} is by "${suffix ?? ""}", which is not made of the coordinates ${known}`,
        where,
        Math.max(1, suffix?.length ?? 0),
        `a derivative is written e.g. ${name}_${coordinates[0] ?? "x"}`,
      );
    }
    const total = orders.reduce((sum, order) => sum + order, 0);
    if (total > highestOrder)
      throw new FormulaError(
        `${text} is of order ${total}; at most ${highestOrder} can be trained`,
        at,
        text.length,
        "name a lower derivative as a further unknown, e.g. v with the equation v = u_xx, and write v_xx for u_xxxx",
      );
    const open = this.#peek();
    if (open.text !== "(") return { kind: "unknown", name, orders, place: null, span: { start: at, end: at + text.length } };
    this.#next += 1;
    const place = [this.sum()];
    while (this.#take(",")) place.push(this.sum());
    const close = this.#close(open);
    if (place.length !== coordinates.length)
      throw new FormulaError(
        `${name} is given ${place.length} coordinates, but there are ${coordinates.length}`,
        open.at,
        close.at + 1 - open.at,
        `${name}(${coordinates.join(", ")}) has them in this order`,
      );
    return { kind: "unknown", name, orders, place, span: { start: at, end: close.at + 1 } };
  }

  /** A name that nothing has. */
  #stranger(text: string, at: number, name: string, suffix: string | undefined, calls: boolean): FormulaError {
    const { unknowns, coordinates, constants } = this.vocabulary;
    const listed = [...unknowns, ...coordinates, ...constants, "pi"];
    if (suffix !== undefined && [...coordinates, ...constants].includes(name))
      return new FormulaError(
        `${text} is a derivative of ${name}, which is no unknown`,
        at,
        text.length,
        unknowns.length > 0 ? `the unknowns are ${unknowns.join(", ")}` : "there are no unknowns here",
      );
    const product = splitOf(text, [...listed, ...functionNames]);
    const near = product ?? closestName(name, calls ? [...functionNames, ...unknowns] : listed);
    const meantFunction = calls && near !== null && !unknowns.includes(near) && product === null;
    const meant =
      near === null ? "" : `did you mean "${near}${suffix === undefined ? "" : `_${suffix}`}${meantFunction ? "(…)" : ""}"? `;
    return new FormulaError(
      calls ? `there is no function or unknown "${name}"` : `there is no "${name}" here`,
      at,
      text.length,
      `${meant}Known are ${listed.join(", ")}${calls ? ` and the functions ${functionNames.join(", ")}` : ""}`,
    );
  }

  #close(open: Token): Token {
    const token = this.#peek();
    if (token.text !== ")") {
      if (token.kind === "end") throw new FormulaError('found "(" that is never closed', open.at, 1, 'write the missing ")"');
      throw this.#unexpected('")"', this.#operatorHint(token));
    }
    this.#next += 1;
    return token;
  }

  #peek(): Token {
    return this.#tokens[Math.min(this.#next, this.#tokens.length - 1)] as Token;
  }

  #take(...wanted: Operator[] | [","]): Operator | undefined {
    const { text, kind } = this.#peek();
    if (kind !== "sign" || !(wanted as readonly string[]).includes(text)) return undefined;
    this.#next += 1;
    return text as Operator;
  }

  #operatorHint({ kind, text }: Token): string | undefined {
    if (kind === "name" || kind === "number" || text === "(") return `an operator is missing before it: write *${text}`;
    return text === "," ? "a decimal has a point, and only a place such as u(0, t) has commas" : undefined;
  }

  #unexpected(wanted: string, hint?: string): FormulaError {
    const { kind, text } = this.#peek();
    return this.#error(`found ${kind === "end" ? "the end" : `"${text}"`} instead of ${wanted}`, hint);
  }

  #error(message: string, hint?: string): FormulaError {
    const { text, at } = this.#peek();
    return new FormulaError(message, at, text.length, hint);
  }
}

function binary(operator: Operator, left: Formula, right: Formula): Formula {
  return { kind: "binary", operator, left, right, span: { start: left.span.start, end: right.span.end } };
}

/** How often by each coordinate, of a suffix that is their names one after the other; null where it is none. */
function ordersOf(suffix: string, coordinates: readonly string[]): number[] | null {
  if (suffix === "") return coordinates.map(() => 0);
  for (const [i, name] of coordinates.entries()) {
    const rest = suffix.startsWith(name) ? ordersOf(suffix.slice(name.length), coordinates) : null;
    if (rest) return rest.map((order, j) => order + (i === j ? 1 : 0));
  }
  return null;
}

/** A text of two known names without a sign between, as the product that was meant. */
function splitOf(text: string, known: readonly string[]): string | null {
  for (const first of known) {
    const rest = text.slice(first.length);
    if (text.startsWith(first) && known.includes(rest)) return `${first}*${rest}`;
  }
  return null;
}
