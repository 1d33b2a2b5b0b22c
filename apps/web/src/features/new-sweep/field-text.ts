import type { ParameterValue } from "@basin/contracts";
import { isJson, type FieldKind, type SchemaField } from "../catalog/schema-fields";

type Objects = readonly Readonly<Record<string, unknown>>[];
type Read = { value: ParameterValue | Objects } | { message: string };

const decimal = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** Reads a finite number as a person writes it ("1e-3", "0.5"); null for anything else. */
export function readNumber(text: string): number | null {
  const trimmed = text.trim().replace("−", "-");
  if (!decimal.test(trimmed)) return null;
  const value = Number(trimmed);
  return Number.isFinite(value) ? value : null;
}

/** What to write in place of a text that is no number: the point for a comma, where that is all. */
function advice(text: string): string {
  const pointed = text.replace(",", ".");
  return readNumber(pointed) === null ? "write e.g. 0.001 or 1e-3" : `write a point: ${pointed.trim()}`;
}

function readNumbers(text: string, whole: boolean): Read {
  const values: number[] = [];
  if (/^\s*(none|\[\s*\])\s*$/i.test(text)) return { value: [] };
  for (const part of text.split(/[\s,;×]+/).filter((each) => each !== "")) {
    const value = readNumber(part);
    if (value === null || (whole && !Number.isInteger(value)))
      return { message: `"${part}" is not a ${whole ? "whole " : ""}number; write numbers separated by commas, e.g. 64, 32` };
    values.push(value);
  }
  return { value: values };
}

function readObjects(text: string): Read {
  const message = 'write a list in JSON, e.g. [{"learningRate": 0.01}]';
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) && value.every(isJson) ? { value } : { message };
  } catch {
    return { message };
  }
}

/** The value that `text` means for a field. Bounds are the API's business; here only the type is read. */
export function readValue(field: Pick<SchemaField, "kind" | "options">, text: string): Read {
  switch (field.kind) {
    case "number":
    case "integer": {
      const value = readNumber(text);
      if (value === null)
        return { message: text.trim() === "" ? "needs a number" : `"${text}" is not a number; ${advice(text)}` };
      if (field.kind === "integer" && !Number.isInteger(value)) return { message: `${text} is not a whole number` };
      return { value };
    }
    case "boolean":
      return text === "true" || text === "false" ? { value: text === "true" } : { message: "choose yes or no" };
    case "integers":
      return readNumbers(text, true);
    case "numbers":
      return readNumbers(text, false);
    case "texts":
      return {
        value: text
          .split(/[,;\n]/)
          .map((part) => part.trim())
          .filter((part) => part !== ""),
      };
    case "lines":
      return {
        value: text
          .split(/[;\n]/)
          .map((part) => part.trim())
          .filter((part) => part !== ""),
      };
    case "objects":
      return readObjects(text);
    case "choice":
      return field.options.includes(text) ? { value: text } : { message: `choose one of ${field.options.join(", ")}` };
    case "text":
      return { value: text };
    case "time": {
      const at = new Date(text);
      return Number.isNaN(at.getTime()) ? { message: "is not a date and time" } : { value: at.toISOString() };
    }
  }
}

const two = (value: number): string => String(value).padStart(2, "0");

/** "2026-01-31T18:30:00", local, as a browser's date field has it; the text itself where it is no time. */
function localText(iso: string): string {
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return iso;
  const date = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${date}T${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
}

/** The text that `readValue` turns back into the same value. */
export function writeValue(value: unknown, kind?: FieldKind): string {
  if (kind === "time" && typeof value === "string") return localText(value);
  if (kind === "objects" && Array.isArray(value)) return JSON.stringify(value);
  if (Array.isArray(value)) return value.map(String).join(kind === "lines" ? "; " : ", ");
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? String(value) : "";
}
