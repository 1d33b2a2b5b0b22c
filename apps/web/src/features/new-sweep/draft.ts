import type { Issue } from "@basin/contracts";
import { readValue, writeValue } from "./field-text";
import { isJson, type SchemaField } from "../catalog/schema-fields";
import { valueAt, withValue } from "./spec-path";

type Json = Readonly<Record<string, unknown>>;

/** What can stand at a path of a spec; null: nothing that could be typed. */
type FieldAt = (spec: Json, path: string) => SchemaField | null;

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** The value that a text stands for: none where the field may be left empty, the text itself where it cannot be read. */
function meant(field: SchemaField | null, text: string): unknown {
  if (!field) return text;
  if (text.trim() === "" && !field.required) return undefined;
  const read = readValue(field, field.kind === "text" && !field.lines ? text.trim() : text);
  return "value" in read ? read.value : text;
}

/**
 * A spec as it is being written: the spec, and by path what was typed there. The spec is what counts. A text is shown in place of the value at
 * its path only while it means that value; at a path without a value it waits until there is one again. What cannot be read stands in the spec
 * as it was typed, so it is seen wherever the spec is. Never changes: every change gives another draft.
 */
export class Draft {
  constructor(
    readonly fieldAt: FieldAt,
    readonly spec: Json,
    readonly texts: ReadonlyMap<string, string> = new Map(),
  ) {}

  field(path: string): SchemaField | null {
    return this.fieldAt(this.spec, path);
  }

  value(path: string): unknown {
    return valueAt(this.spec, path);
  }

  text(path: string): string {
    const value = this.value(path);
    const field = this.field(path);
    const typed = this.texts.get(path);
    return typed !== undefined && same(meant(field, typed), value) ? typed : writeValue(value, field?.kind);
  }

  list(path: string): string[] {
    const value = this.value(path);
    return Array.isArray(value) ? value.map((_, i) => this.text(`${path}[${i}]`)) : [];
  }

  /** Another spec, e.g. from the text editor. */
  withSpec(spec: Json): Draft {
    return new Draft(this.fieldAt, spec, this.texts);
  }

  /** Another value at the path, whatever was typed at it and below it. Undefined removes it. */
  with(path: string, value: unknown): Draft {
    return new Draft(this.fieldAt, withValue(this.spec, path, value), this.#textsWithout(path));
  }

  withText(path: string, text: string): Draft {
    const spec = withValue(this.spec, path, meant(this.field(path), text));
    // An optional object goes with its last field.
    const parent = path.slice(0, Math.max(0, path.lastIndexOf(".")));
    const left = parent === "" ? null : valueAt(spec, parent);
    const emptied = parent !== "" && !parent.includes(".") && isJson(left) && Object.keys(left).length === 0;
    return new Draft(this.fieldAt, emptied ? withValue(spec, parent, undefined) : spec, new Map(this.texts).set(path, text));
  }

  withList(path: string, texts: readonly string[]): Draft {
    const next = this.#textsWithout(path);
    texts.forEach((text, i) => next.set(`${path}[${i}]`, text));
    const values = texts.map((text, i) => meant(this.fieldAt(this.spec, `${path}[${i}]`), text) ?? text);
    return new Draft(this.fieldAt, withValue(this.spec, path, values), next);
  }

  /** Nothing at the path; what was there waits. */
  without(path: string): Draft {
    return new Draft(this.fieldAt, withValue(this.spec, path, undefined), this.#setAside(path));
  }

  /** Another kind of object at the path. Of these parts what was given before, in whatever kind, is found again; the rest is as in `fresh`. */
  withVariant(path: string, fresh: Json, parts: readonly string[]): Draft {
    const texts = this.#setAside(path);
    let next = new Draft(this.fieldAt, withValue(this.spec, path, fresh), texts);
    for (const part of parts) {
      const at = `${path}.${part}`;
      const list = waitingList(texts, at);
      const waiting = texts.get(at);
      if (list.length > 0) next = next.withList(at, list);
      else if (waiting !== undefined) next = next.withText(at, waiting);
    }
    return next;
  }

  /** What stands in the spec as it was typed because it cannot be read. */
  unreadable(): Issue[] {
    const issues: Issue[] = [];
    const walk = (value: unknown, path: () => string): void => {
      if (typeof value === "string") {
        const field = this.field(path());
        const read = field ? readValue(field, value) : null;
        if (read && "message" in read) issues.push({ path: path(), message: read.message });
      } else if (Array.isArray(value)) value.forEach((item, i) => walk(item, () => `${path()}[${i}]`));
      else if (isJson(value))
        for (const [name, item] of Object.entries(value)) walk(item, () => (path() === "" ? name : `${path()}.${name}`));
    };
    walk(this.spec, () => "");
    return issues;
  }

  #textsWithout(path: string): Map<string, string> {
    return new Map([...this.texts].filter(([at]) => at !== path && !at.startsWith(`${path}.`) && !at.startsWith(`${path}[`)));
  }

  /** The texts with everything at the path written down in them. */
  #setAside(path: string): Map<string, string> {
    const texts = new Map(this.texts);
    const walk = (value: unknown, at: string): void => {
      if (isJson(value)) for (const [part, item] of Object.entries(value)) walk(item, `${at}.${part}`);
      else if (Array.isArray(value) && this.field(at) === null) {
        for (const key of texts.keys()) if (key.startsWith(`${at}[`)) texts.delete(key);
        this.list(at).forEach((text, i) => texts.set(`${at}[${i}]`, text));
      } else texts.set(at, this.text(at));
    };
    walk(this.value(path), path);
    return texts;
  }
}

function waitingList(texts: ReadonlyMap<string, string>, path: string): string[] {
  const list: string[] = [];
  for (let text = texts.get(`${path}[0]`); text !== undefined; text = texts.get(`${path}[${list.length}]`)) list.push(text);
  return list;
}
