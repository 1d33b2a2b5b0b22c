import { describe, expect, it } from "vitest";
import { isTransient, transientTrouble } from "./transient-errors";

const coded = (code: string, more: object = {}): Error => Object.assign(new Error("no"), { code, ...more });

describe("trouble with the database", () => {
  // https://www.postgresql.org/docs/current/errcodes-appendix.html
  it.each([
    ["53100", /disk of the database is full/],
    ["53200", /out of memory/],
    ["53300", /no connection left/],
    ["53400", /limit that is set in the database's configuration/],
    ["53000", /lacks resources/],
    ["57P01", /cannot be reached/],
    ["57P05", /cannot be reached/],
    ["08006", /cannot be reached/],
    ["25P03", /cannot be reached/],
    ["57014", /busy/],
    ["40001", /busy/],
    ["40P01", /busy/],
    ["55P03", /busy/],
    ["P1001", /cannot be reached/],
    ["ECONNREFUSED", /cannot be reached/],
    ["ENOTFOUND", /cannot be reached/],
  ])("%s passes, and is told", (code, text) => {
    expect(transientTrouble(coded(code))).toMatch(text);
    expect(transientTrouble(new Error("a query failed", { cause: coded(code) }))).toMatch(text);
    // As the driver adapter of Prisma wraps it.
    expect(isTransient(new Error("DriverAdapterError", { cause: { kind: "postgres", originalCode: code } }))).toBe(true);
  });

  it.each([
    coded("23505"),
    coded("42601"),
    coded("22P02"),
    coded("58030"),
    coded("ENOENT", { syscall: "open" }),
    new TypeError("a mistake"),
    new AggregateError([coded("ECONNREFUSED"), coded("23505")]),
    "53100",
    undefined,
  ])("%s does not", (error) => {
    expect(isTransient(error)).toBe(false);
  });

  it("is that of all addresses of a host, and of a socket that is not there", () => {
    expect(isTransient(new AggregateError([coded("ECONNREFUSED"), coded("ECONNREFUSED")]))).toBe(true);
    expect(isTransient(coded("ENOENT", { syscall: "connect" }))).toBe(true);
    expect(isTransient(new Error("Connection terminated unexpectedly"))).toBe(true);
  });
});
