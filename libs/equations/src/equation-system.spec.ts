import { describe, expect, it } from "vitest";
import { readSystem, type EquationField, type EquationTexts } from "./equation-system";

const heat: EquationTexts = {
  unknowns: ["u"],
  coordinates: ["x in [0, 1]", "t in [0, 0.5]"],
  constants: ["c = 2*pi"],
  trainable: [],
  equations: ["u_t = alpha*u_xx"],
  conditions: ["u(0, t) = 0", "u(1, t) = 0", "u(x, 0) = sin(pi*x)"],
  reference: ["u = exp(-alpha*pi^2*t)*sin(pi*x)"],
};
const given = { alpha: 0.4, beta: 1 };

/** The one fault of a text put in place of the first of a field. */
function faultOf(field: EquationField, text: string, also: Partial<EquationTexts> = {}) {
  const { faults } = readSystem({ ...heat, ...also, [field]: [text, ...(also[field] ?? heat[field]).slice(1)] }, given);
  const [first] = faults.filter((fault) => fault.field === field);
  return first;
}

describe("what was typed", () => {
  it("is read with its places and constants", () => {
    const { system, faults } = readSystem(heat, given);
    expect(faults).toEqual([]);
    expect(system.coordinates).toEqual([
      { name: "x", from: 0, to: 1 },
      { name: "t", from: 0, to: 0.5 },
    ]);
    expect(system.conditions.map((one) => one?.place)).toEqual([
      [0, null],
      [1, null],
      [null, 0],
    ]);
    expect(Object.fromEntries(system.constants)).toEqual({ alpha: 0.4, beta: 1, c: 2 * Math.PI });
  });

  it("may define a given constant anew, and use a name of one for a coordinate", () => {
    const { system, faults } = readSystem({ ...heat, constants: ["alpha = 0.01/pi"] }, given);
    expect(faults).toEqual([]);
    expect(system.constants.get("alpha")).toBeCloseTo(0.01 / Math.PI, 15);
    const line = {
      ...heat,
      coordinates: ["beta in [0, 1]"],
      equations: ["u_beta = alpha"],
      conditions: ["u(0) = 0"],
      reference: [],
    };
    expect(readSystem(line, given).faults).toEqual([]);
  });

  it("holds conditions of systems at places that are computed", () => {
    const { system, faults } = readSystem(
      {
        unknowns: ["u", "v"],
        coordinates: ["x in [-pi, pi]", "t in [0, c]"],
        constants: ["c = 1/4"],
        trainable: ["k = 0.3"],
        equations: ["u_t = k*v_xx", "v_t + u_xx = 0"],
        conditions: ["u(-pi, t) + 2*u_x(-pi, t) = v(-pi, t)", "v(x, c/2) = x*k"],
        reference: [],
      },
      {},
    );
    expect(faults).toEqual([]);
    expect(system.trainable).toEqual([{ name: "k", start: 0.3 }]);
    expect(system.conditions.map((one) => one?.place)).toEqual([
      [-Math.PI, null],
      [null, 0.125],
    ]);
  });

  it.each<[EquationField, string, number, number, RegExp, RegExp]>([
    ["equations", "u_t = alpha*u_xx +", 18, 0, /found the end instead of a number/, /^$/],
    ["equations", "u_t = 2u_xx", 7, 4, /found "u_xx" instead of the end/, /write \*u_xx/],
    ["equations", "u_t = alpha u_xx", 12, 4, /found "u_xx"/, /operator is missing/],
    ["equations", "u_t - alpha*u_xx", 16, 0, /found the end instead of "="/, /two sides/],
    ["equations", "u_t = u = 0", 8, 1, /second "="/, /has one/],
    ["equations", "u_t = (u_xx", 6, 1, /never closed/, /missing "\)"/],
    ["equations", "u_t = u_xx)", 10, 1, /without a "\("/, /open the parenthesis/],
    ["equations", "u_t = alhpa*u_xx", 6, 5, /no "alhpa"/, /did you mean "alpha"\?/],
    ["equations", "w_t = u_xx", 0, 3, /no "w_t"|no "w"/, /Known are u, x, t/],
    ["equations", "u_t = sni(u)", 6, 3, /no function or unknown "sni"/, /did you mean "sin\(…\)"\?/],
    ["equations", "u_t = sin u", 10, 1, /instead of "\(" behind sin/, /sin\(x\)/],
    ["equations", "u_t = sin(u, x)", 11, 1, /sin has one argument/, /point/],
    ["equations", "u_y = u", 2, 1, /u_y is by "y"/, /u_x/],
    ["equations", "u_ = u", 2, 1, /names no coordinate/, /u_x/],
    ["equations", "u_t = u_xxxx", 6, 6, /order 4; at most 3/, /v = u_xx/],
    ["equations", "u_t = x_t", 6, 3, /derivative of x, which is no unknown/, /unknowns are u/],
    ["equations", "u_t = xt", 6, 2, /no "xt"/, /did you mean "x\*t"/],
    ["equations", "u_t = alpha(x + 1)*u", 11, 1, /constant and no function/, /alpha\*/],
    ["equations", "u_t = u**2", 7, 2, /no operator/, /written \^/],
    ["equations", "u_t = u²", 7, 1, /found "²"/, /\^2/],
    ["equations", "u_t = −u", 6, 1, /found "−"/, /write -/],
    ["equations", "u_t = 1,5*u", 7, 1, /found ","/, /point/],
    ["equations", "u_t = u $ x", 8, 1, /found "\$"/, /^$/],
    ["equations", "x = t", 0, 5, /contains no unknown/, /u_x = 0/],
    ["equations", "u_t = u(0, t)", 6, 7, /taken at a place/, /conditions/],
    ["equations", "", 0, 0, /found the end/, /^$/],
    ["equations", "u_t = 1e999*u", 6, 5, /too large/, /^$/],
    ["equations", "u_t = * u", 6, 1, /found "\*" instead of a number/, /^$/],
    ["conditions", "u(2, t) = 0", 2, 1, /x = 2 is outside of its range from 0 to 1/, /0 or 1/],
    ["conditions", "u(t, x) = 0", 2, 1, /x is not constant/, /order is x, t/],
    ["conditions", "u(x + 1, t) = 0", 2, 5, /not constant/, /write x/],
    ["conditions", "u(x, t) = 0", 0, 7, /no coordinate has a value/, /among the equations/],
    ["conditions", "u(0) = 0", 1, 3, /given 1 coordinates, but there are 2/, /u\(x, t\)/],
    ["conditions", "u = 0", 0, 1, /given no place/, /u\(0, t\) = 0/],
    ["conditions", "u(0, t) = u(x, 0)", 10, 7, /another place/, /one for each/],
    ["conditions", "u(0, t) + u(1, t) = u(0.5, t)", 20, 9, /another place/, /ties two ends/],
    ["conditions", "1 = 2", 0, 5, /contains no unknown/, /u\(0, t\)/],
    ["coordinates", "x in [1, 0]", 5, 6, /range from 1 to 0 is empty/, /lower/],
    ["coordinates", "x in [1, 1]", 5, 6, /empty/, /lower/],
    ["coordinates", "x", 1, 0, /no range/, /x in \[0, 1\]/],
    ["coordinates", "x in 0, 1", 4, 0, /no "\["/, /x in \[0, 1\]/],
    ["coordinates", "x in [0, y]", 9, 1, /no "y"/, /Known are/],
    ["coordinates", "x in [0]", 5, 3, /one number/, /x in \[0, 1\]/],
    ["coordinates", "u in [0, 1]", 0, 1, /"u" is an unknown already/, /another name/],
    ["unknowns", "sin", 0, 3, /has a meaning already/, /another name/],
    ["unknowns", "u_1", 0, 3, /no name/, /letters and digits/],
    ["constants", "c = 1/0", 3, 4, /not a number/, /divided by 0/],
    ["constants", "c", 1, 0, /no value/, /alpha = 0.1/],
    ["constants", "c = d + 1", 4, 1, /no "d"/, /Known are/],
    ["constants", "x = 1", 0, 1, /already/, /another name/],
    ["reference", "u_x = 1", 0, 3, /no unknown alone/, /u = sin/],
    ["reference", "u = u_x", 4, 3, /own reference/, /coordinates and constants/],
  ])("%s: %s", (field, text, at, length, message, hint) => {
    const fault = faultOf(field, text, field === "unknowns" ? { equations: [], conditions: [], reference: [] } : {});
    expect(fault?.message).toMatch(message);
    expect(fault).toMatchObject({ index: 0, at, length });
    expect(fault?.hint ?? "").toMatch(hint);
  });

  it("ties the two ends of a coordinate", () => {
    const { system, faults } = readSystem({ ...heat, conditions: ["u(0, t) = u(1, t)", "u_x(1, t) - 2*u(1, t) = 0"] }, given);
    expect(faults).toEqual([]);
    const [tied, alone] = system.conditions;
    expect([tied?.place, tied?.partner]).toEqual([
      [0, null],
      [1, null],
    ]);
    expect([...(tied?.atPartner ?? [])]).toEqual([tied?.right]);
    expect([alone?.place, alone?.partner, alone?.atPartner.size]).toEqual([[1, null], null, 0]);
  });

  it("names an unknown that no equation has, and a trained constant that nothing trains", () => {
    const { faults } = readSystem({ ...heat, unknowns: ["u", "v"], trainable: ["beta = 1"] }, given);
    expect(faults.map(({ field, index }) => [field, index])).toEqual([
      ["unknowns", 1],
      ["trainable", 0],
    ]);
  });

  it("is not nested without end", () => {
    expect(faultOf("equations", `u_t = ${"(".repeat(90)}u${")".repeat(90)}`)?.message).toMatch(/nested more than 60/);
    expect(faultOf("equations", `u_t = ${"-".repeat(190)}u`)?.message).toMatch(/more than 60 signs/);
  });
});
