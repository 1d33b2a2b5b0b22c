/** Where a text stops being JSON. `line` and `column` count from 1, `offset` from 0 (UTF-16 units). */
export interface JsonFault {
  offset: number;
  line: number;
  column: number;
  message: string;
}

const literals = ["true", "false", "null"];
const notJson = /^[+-]?(NaN|Infinity|undefined|None|True|False)\b/;
const numberPattern = /-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/y;
const escapePattern = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

type Expected = "value" | "value or ]" | "key or }" | "key" | "colon" | "comma" | "end";

/** The first fault of a text that `JSON.parse` refused; null when the text is JSON after all. Does not recurse. */
export function findJsonFault(text: string): JsonFault | null {
  let at = 0;
  const open: ("{" | "[")[] = [];
  const state: { expected: Expected } = { expected: "value" };
  const fault = (message: string): JsonFault => {
    const before = text.slice(0, at);
    const line = before.split("\n").length;
    return { offset: at, line, column: at - (before.lastIndexOf("\n") + 1) + 1, message };
  };
  const match = (pattern: RegExp): boolean => {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found) at += found[0].length;
    return found !== null;
  };
  /** Moves behind the string that starts here; a loop, since a pattern would need stack for each character. */
  const string = (): boolean => {
    const start = at;
    for (at += 1; at < text.length;) {
      const code = text.charCodeAt(at);
      if (code === 34) {
        at += 1;
        return true;
      }
      if (code < 32 || (code === 92 && !match(escapePattern))) break;
      if (code !== 92) at += 1;
    }
    at = start;
    return false;
  };
  const closed = () => (state.expected = open.length === 0 ? "end" : "comma");
  for (;;) {
    while (at < text.length && " \t\r\n".includes(text.charAt(at))) at += 1;
    const c = text.charAt(at);
    if (c === "")
      return state.expected === "end"
        ? null
        : fault(`the text ends where ${describe(state.expected, open.at(-1))} should follow`);
    switch (state.expected) {
      case "end":
        return fault(`"${c}" follows the end of the JSON value`);
      case "colon":
        if (c !== ":") return fault(`expected ":" after the field name, found "${c}"`);
        at += 1;
        state.expected = "value";
        break;
      case "comma":
        if (c === ",") {
          at += 1;
          state.expected = open.at(-1) === "{" ? "key" : "value";
        } else if (c === (open.at(-1) === "{" ? "}" : "]")) {
          at += 1;
          open.pop();
          closed();
        } else return fault(`expected ${describe(state.expected, open.at(-1))}, found "${c}"`);
        break;
      case "key":
      case "key or }":
        if (c === "}" && state.expected === "key or }") {
          at += 1;
          open.pop();
          closed();
        } else if (c !== '"') {
          return fault(`expected ${describe(state.expected, "{")}, found "${c}"`);
        } else if (string()) state.expected = "colon";
        else return fault("this text in quotes does not end, or holds a control character or an unknown escape");
        break;
      case "value":
      case "value or ]": {
        const literal = literals.find((word) => text.startsWith(word, at));
        const foreign = notJson.exec(text.slice(at, at + 12));
        if (c === "]" && state.expected === "value or ]") {
          at += 1;
          open.pop();
          closed();
        } else if (c === "{" || c === "[") {
          at += 1;
          open.push(c);
          state.expected = c === "{" ? "key or }" : "value or ]";
        } else if (literal !== undefined) {
          at += literal.length;
          closed();
        } else if (foreign) return fault(`${foreign[0]} is not JSON; a number must be finite, and words are true, false, null`);
        else if (c === '"') {
          if (!string()) return fault("this text in quotes does not end, or holds a control character or an unknown escape");
          closed();
        } else if (match(numberPattern)) closed();
        else return fault(`expected ${describe(state.expected, open.at(-1))}, found "${c}"`);
      }
    }
  }
}

function describe(expected: string, container: "{" | "[" | undefined): string {
  if (expected === "comma") return container === "{" ? '"," or "}"' : '"," or "]"';
  if (expected === "key") return "a field name in double quotes";
  if (expected === "key or }") return 'a field name in double quotes or "}"';
  if (expected === "colon") return '":"';
  return expected === "value or ]" ? 'a value or "]"' : "a value";
}

/** Whether arrays and objects of a JSON text are nested deeper than `limit`. */
export function nestsDeeperThan(text: string, limit: number): boolean {
  let depth = 0;
  let quoted = false;
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (quoted) {
      if (code === 92) i += 1;
      else if (code === 34) quoted = false;
    } else if (code === 34) quoted = true;
    else if (code === 91 || code === 123) {
      depth += 1;
      if (depth > limit) return true;
    } else if (code === 93 || code === 125) depth -= 1;
  }
  return false;
}
