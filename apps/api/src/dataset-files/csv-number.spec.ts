import { expect, test } from "vitest";
import { numberLike, numberReader, type NumberFormat } from "./csv-number";

const found: NumberFormat = { decimal: null, thousands: null };
const valueOf = (text: string, format = found): number | string | null => {
  const read = numberReader(format)(text);
  return read === null ? null : "value" in read ? read.value : read.fault;
};

// Values as Python's float() has them.
test.each([
  ["1", 1],
  ["-1.5e3", -1500],
  ["+.5", 0.5],
  ["5.", 5],
  ["1,25", 1.25],
  ["−2,5", -2.5],
  ["9007199254740992", 2 ** 53],
  ["100000000000000000000", 1e20],
  ["0.1234567890123456789", 0.12345678901234568],
  ["1e300", 1e300],
  ["5e-324", 5e-324],
  ["0e-999", 0],
])("%s is %d", (text, value) => {
  expect(valueOf(text)).toBe(value);
});

test.each(["", "1e", "1.2.3", "1,234,567", "1 000", "0x1f", "inf", "1_000", "12%", "--1", "e5", ".", "1e5.5"])(
  "%s is none",
  (text) => {
    expect(valueOf(text)).toBeNull();
  },
);

test("what a double would change is a fault", () => {
  expect(valueOf("9007199254740993")).toBe("has more digits than a number keeps: 9007199254740993 would become 9007199254740992");
  expect(valueOf("-9007199254740993")).toContain("would become -9007199254740992");
  expect(valueOf("9007199254740993.5")).toContain("would become 9007199254740994");
  expect(valueOf("1e309")).toContain("too large");
  expect(valueOf("-1e-400")).toContain("would become 0");
});

test("with a thousands separator that was named, groups of three only", () => {
  const english: NumberFormat = { decimal: null, thousands: "," };
  expect(["1,234", "12,345,678.5", "-1,000", "999", "1234"].map((text) => valueOf(text, english))).toEqual([
    1234, 12_345_678.5, -1000, 999, 1234,
  ]);
  expect(["1,23", "1,2345", "12,34,567", "1.234,5", ",123"].map((text) => valueOf(text, english))).toEqual(Array(5).fill(null));
  expect(valueOf("1.234.567,5", { decimal: null, thousands: "." })).toBe(1_234_567.5);
  expect(valueOf("1 234\u00a0567,5", { decimal: ",", thousands: " " })).toBe(1_234_567.5);
  expect(valueOf("1'234.5", { decimal: ".", thousands: "'" })).toBe(1234.5);
  expect(valueOf("1,5", { decimal: ".", thousands: null })).toBeNull();
});

test("a sign that may be either is said to be so, unless the format tells", () => {
  const grouped = (text: string, format = found): boolean | undefined => {
    const read = numberReader(format)(text);
    return read !== null && "value" in read ? read.grouped : undefined;
  };
  expect(["1,234", "12.345", "-123,456", "123,456e0", "0,123", "1,23", "1234,567"].map((text) => grouped(text))).toEqual([
    true,
    true,
    true,
    false,
    false,
    false,
    false,
  ]);
  expect(grouped("1,234", { decimal: ",", thousands: null })).toBe(false);
  expect(grouped("1,234", { decimal: null, thousands: "." })).toBe(false);
});

test.each([
  ["12%", /percentage/],
  ["12,5 %", /percentage/],
  ["€1.5", /money/],
  ["1,50 €", /money/],
  ["US$ 12", /money/],
  ["CHF 12.50", /money/],
  ["-$5", /money/],
  ["np.float64(1.5)", /program prints/],
  ["Decimal('1.5')", /program prints/],
  ["tensor(1.5, dtype=torch.float64)", /program prints/],
  ["0x1F", /hexadecimal/],
  ["0b101", /binary/],
  ["-inf", /infinity/],
  ["Infinity", /infinity/],
  ["∞", /infinity/],
  ["1,234,567", /thousands separators/],
  ["1 234,5", /thousands separators/],
  ["1.234,50", /thousands separators/],
  ["1'234", /thousands separators/],
  ["1_000", /thousands separators/],
  ["(5)", /negative amount/],
  ["12 kg", /unit/],
  ["9.81m/s²", /unit/],
  ["5 °C", /unit/],
  ["<0.05", /something added/],
  ["~3", /something added/],
  ["10-20", /something added/],
  ["1/2", /something added/],
  ["#7", /something added/],
  ["１２", /something added/],
  ["½", /something added/],
  ["¼ kg", /something added/],
])("%s is a number with something added", (text, seems) => {
  expect(numberLike(text)?.seems).toMatch(seems);
});

test.each(["red", "setosa", "A1", "group 2", "sample-12", "yes", "Q3", "Rust 2", "C4", "f(x)", "info", "x1.5", "model(3)b"])(
  "%s is a word",
  (text) => {
    expect(numberLike(text)).toBeNull();
  },
);

test("a long cell is no number, whatever it is made of", () => {
  for (const text of [`f(${",".repeat(200_000)}`, `${"1,".repeat(200_000)}x`, `1${"0".repeat(100)} kg`])
    expect(numberLike(text)).toBeNull();
});
