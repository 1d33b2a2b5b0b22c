import { SweepId } from "@basin/contracts";
import { expect, it } from "vitest";
import { waitingText } from "./waiting-text";

const id = SweepId.parse("k3v9x2mq");
const build = { id: "3fa94c1b20de", version: "0.1.0" };
const other = { id: "fedcba987654", version: "0.1.0", trainers: 2, slots: 4 };
const unversioned = { id: "unversioned", version: null, trainers: 1, slots: 1 };
const text = (others: (typeof other | typeof unversioned)[]): string | null => waitingText({ id, build, waiting: { others } });

it("says who is missing, who is there instead, and the command that goes on with them", () => {
  expect(waitingText({ id, build, waiting: null })).toBeNull();
  expect(text([])).toBe(
    "no trainer of its build 3fa94c1b20de (0.1.0) is there, nor one of another that could go on with it: start a trainer",
  );
  expect(text([other])).toBe(
    "no trainer of its build 3fa94c1b20de (0.1.0) is there. Start one, or let build fedcba987654 (0.1.0) with 2 trainers go on: basin sweep continue k3v9x2mq",
  );
  expect(text([other, unversioned])).toBe(
    "no trainer of its build 3fa94c1b20de (0.1.0) is there. Start one, or let build fedcba987654 (0.1.0) with 2 trainers or unversioned with 1 trainer go on: basin sweep continue k3v9x2mq --build fedcba987654",
  );
});
