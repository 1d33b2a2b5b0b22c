import { SweepId } from "@basin/contracts";
import { expect, it } from "vitest";
import { waitingReading } from "./waiting-reading";

const now = Date.parse("2026-12-01T08:00:00Z");
const holder = { sweep: SweepId.parse("aaaaaaaa"), name: "pendulum", packs: 2, secondsLeft: 840 };

it("says for whom a sweep waits and until when", () => {
  const waits = { place: 1, slots: 2, holders: [holder], turnAt: "2026-12-01T08:00:14Z" };
  expect(waitingReading("default", waits, now)).toBe(
    "Both slots train “pendulum” (about 14 minutes left). It is next in line: at the latest in about 14 seconds a pack is asked to make room after its step.",
  );
  expect(waitingReading("default", { ...waits, place: 3, turnAt: null }, now)).toBe(
    "Both slots train “pendulum” (about 14 minutes left), whose priority is higher. It is number 3 in line, and begins when that is through.",
  );
});

it("says when nobody is there, and when a slot is free", () => {
  expect(waitingReading("lab", { place: 1, slots: 0, holders: [], turnAt: null }, now)).toMatch(/No trainer of the pool “lab”/);
  expect(waitingReading("lab", { place: 1, slots: 3, holders: [holder], turnAt: null }, now)).toMatch(/A slot is free/);
});
