import { expect, test } from "vitest";
import { dateLike, readDate } from "./csv-date";

// Seconds as `date -u -d … +%s` gives them.
test.each([
  ["1970-01-01", 0],
  ["2020-02-29", 1_582_934_400],
  ["2020/02/29", 1_582_934_400],
  ["2021-03-04T05:06:07Z", 1_614_834_367],
  ["2021-03-04 05:06:07", 1_614_834_367],
  ["2021-03-04T05:06", 1_614_834_360],
  ["2021-03-04T05:06:07.25+02:00", 1_614_827_167.25],
  ["2021-03-04T05:06:07-0130", 1_614_839_767],
  ["1969-12-31", -86_400],
])("%s is %d", (text, seconds) => {
  expect(readDate(text)?.seconds).toBe(seconds);
});

test.each([
  "2021-02-29",
  "2021-13-01",
  "2021-00-10",
  "2021-01-32",
  "2021-01-01T25:00",
  "2021-1-1",
  "2021-01/01",
  "31.12.2020",
  "20210101",
  "soon",
])("%s is no ISO date", (text) => {
  expect(readDate(text)).toBeNull();
});

test("a zone is told apart from none", () => {
  expect(readDate("2021-03-04T05:06:07Z")?.zone).toBe(true);
  expect(readDate("2021-03-04T05:06:07")?.zone).toBe(false);
});

test.each([
  "31.12.2020",
  "12/31/2020",
  "1/2/20 10:30",
  "31-Dec-2020",
  "31 December 2020",
  "Dec 31, 2020",
  "Thu, Dec 31 2020",
  "2020-12",
  "2020-W05",
  "12:30",
  "12:30:05",
  "6:15 pm",
  "2021-02-30",
])("%s is like a date", (text) => {
  expect(dateLike(text)).toBe(true);
});

test.each(["1.5", "10-20", "red", "v1.2.3.4", "12 kg", "A1"])("%s is not", (text) => {
  expect(dateLike(text)).toBe(false);
});
