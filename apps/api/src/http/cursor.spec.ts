import fc from "fast-check";
import { Buffer } from "node:buffer";
import { expect, it } from "vitest";
import { decodeCursor, encodeCursor } from "./cursor";
import { InputError } from "./request-errors";

it("returns the key that went in, exact to the bit", () => {
  fc.assert(
    fc.property(fc.option(fc.double({ noNaN: true, noDefaultInfinity: true })), fc.string(), fc.nat(), (value, text, index) => {
      const key = [value === 0 ? 0 : value, text.replaceAll("\u0000", ""), index];
      expect(decodeCursor(encodeCursor("objective", key), "objective", ["number?", "text", "int"])).toEqual(key);
    }),
  );
});

it("is safe in a URL as it stands", () => {
  expect(encodeCursor("name", ["ÿ?&=/+ ", "k3v9x2mq"])).toMatch(/^[A-Za-z0-9_-]+$/);
});

it("has no key without a cursor", () => {
  expect(decodeCursor(undefined, "name", ["text"])).toBeNull();
});

it.each([
  ["not base64 at all!"],
  [Buffer.from("{}").toString("base64url")],
  [encodeCursor("-name", ["a", "b"])],
  [encodeCursor("name", ["a"])],
  [encodeCursor("name", ["a", 3])],
  [encodeCursor("name", [null, "b"])],
])("refuses %s with a path and a way out", (cursor) => {
  const attempt = () => decodeCursor(cursor, "name", ["text", "text"]);
  expect(attempt).toThrow(InputError);
  expect(attempt).toThrow(/^cursor: /);
});

it("lets nothing through that the database would choke on", () => {
  expect(() => decodeCursor(encodeCursor("t", ["yesterday"]), "t", ["time"])).toThrow(InputError);
  expect(() => decodeCursor(encodeCursor("t", [1.5]), "t", ["int"])).toThrow(InputError);
  expect(() => decodeCursor(encodeCursor("t", [2 ** 31]), "t", ["int"])).toThrow(InputError);
  expect(() => decodeCursor(encodeCursor("t", ["\u0000"]), "t", ["text"])).toThrow(InputError);
});
