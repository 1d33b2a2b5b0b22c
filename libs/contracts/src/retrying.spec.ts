import { describe, expect, it } from "vitest";
import { retrying, type Patience } from "./retrying";

/** A clock that only pauses and attempts move on. */
function watched(changes: Partial<Patience> = {}) {
  let at = 0;
  const pauses: number[] = [];
  const patience: Patience = {
    now: () => at,
    until: 1000,
    first: 20,
    longest: 100,
    pause: (milliseconds) => {
      pauses.push(milliseconds);
      at += milliseconds;
      return Promise.resolve();
    },
    ...changes,
  };
  return { patience, pauses, spend: (milliseconds: number) => (at += milliseconds) };
}

const refused = (): Promise<never> => Promise.reject(new Error("refused"));

describe("retrying", () => {
  it("gives the first value and says how much time an attempt has", async () => {
    const { patience, pauses, spend } = watched();
    const lefts: number[] = [];
    const value = await retrying((left) => {
      lefts.push(left);
      spend(5);
      return lefts.length < 3 ? refused() : Promise.resolve("stored");
    }, patience);
    expect({ value, pauses, lefts }).toEqual({ value: "stored", pauses: [20, 40], lefts: [1000, 975, 930] });
  });

  it("doubles its pauses up to the longest, and gives up when the next one would end too late", async () => {
    const { patience, pauses } = watched({ until: 500 });
    await expect(retrying(refused, patience)).rejects.toThrow("refused");
    expect(pauses).toEqual([20, 40, 80, 100, 100, 100]);
  });

  it("grows its pauses by another factor, or not at all", async () => {
    const slow = watched({ until: 200, growth: 1.5 });
    await expect(retrying(refused, slow.patience)).rejects.toThrow("refused");
    expect(slow.pauses).toEqual([20, 30, 45, 67.5]);
    const { longest: _, ...even } = watched({ until: 100 }).patience;
    const pauses: number[] = [];
    await expect(retrying(refused, { ...even, pause: (ms) => (pauses.push(ms), even.pause(ms)) })).rejects.toThrow("refused");
    expect(pauses).toEqual([20, 20, 20, 20, 20]);
  });

  it("does not repeat what is final, and what fails while it prepares the next attempt ends it", async () => {
    let attempts = 0;
    const fail = (): Promise<never> => {
      attempts += 1;
      return refused();
    };
    await expect(retrying(fail, watched({ isFinal: () => true }).patience)).rejects.toThrow("refused");
    expect(attempts).toBe(1);
    const broken = watched({ beforePause: () => Promise.reject(new Error("no way to prepare")) });
    await expect(retrying(fail, broken.patience)).rejects.toThrow("no way to prepare");
    expect(broken.pauses).toEqual([]);
  });

  it("says each error before the pause that follows it, and not the last one", async () => {
    const said: string[] = [];
    const { patience } = watched({ until: 70, beforePause: (error) => void said.push(String(error)) });
    await expect(retrying(refused, patience)).rejects.toThrow("refused");
    expect(said).toEqual(["Error: refused", "Error: refused"]);
  });
});
