import { describe, expect, it } from "vitest";
import { buildsOnline, chooseBuild, waitingFor, type BuildPlace } from "./builds";

const old = "0123456789ab";
const now = "fedcba987654";
const place = (build: string, slots = 1): BuildPlace => ({ build, version: "0.1.0", slots });
const fresh = { build: null, begun: false };

describe("buildsOnline", () => {
  it("counts trainers and slots, most slots first, ties by id", () => {
    expect(buildsOnline([place(old, 2), place(now, 1), place(now, 4), place("unversioned", 2)])).toEqual([
      { id: now, version: "0.1.0", trainers: 2, slots: 5 },
      { id: old, version: "0.1.0", trainers: 1, slots: 2 },
      { id: "unversioned", version: null, trainers: 1, slots: 2 },
    ]);
  });
});

describe("chooseBuild", () => {
  it("takes the only build, the control plane's own before others, else the one with most slots", () => {
    expect(chooseBuild(fresh, [], now)).toBeNull();
    expect(chooseBuild(fresh, [place(old)], now)).toBe(old);
    expect(chooseBuild(fresh, [place(old, 8), place(now)], now)).toBe(now);
    expect(chooseBuild(fresh, [place(old, 8), place(`${now}-0a1b2c3d`)], now)).toBe(`${now}-0a1b2c3d`);
    expect(chooseBuild(fresh, [place(old, 8), place("aaaaaaaaaaaa")], now)).toBe(old);
    expect(chooseBuild(fresh, [place(old, 8), place(now)], null)).toBe(old);
  });

  it("stays before the first attempt as long as a trainer of the build is there", () => {
    const queued = { build: old, begun: false };
    expect(chooseBuild(queued, [place(old), place("aaaaaaaaaaaa", 8)], now)).toBe(old);
    expect(chooseBuild(queued, [place("aaaaaaaaaaaa", 8)], now)).toBe("aaaaaaaaaaaa");
  });

  it("never changes afterwards", () => {
    expect(chooseBuild({ build: old, begun: true }, [place(now, 8)], now)).toBe(old);
    expect(chooseBuild({ build: old, begun: true }, [], now)).toBe(old);
    expect(chooseBuild({ build: null, begun: true }, [place(now)], now)).toBe("unversioned");
  });
});

describe("waitingFor", () => {
  const counts = { pending: 3, queued: 1, running: 0 };
  const sweep = { build: old, begun: true, state: "running", counts } as const;

  it("says which builds are there when that of the sweep is not", () => {
    expect(waitingFor(sweep, [place(now, 2)])).toEqual({ others: [{ id: now, version: "0.1.0", trainers: 1, slots: 2 }] });
    expect(waitingFor(sweep, [])).toEqual({ others: [] });
  });

  it.each([
    ["a trainer of the build is there", sweep, [place(old), place(now)]],
    ["a run is trained", { ...sweep, counts: { ...counts, running: 1 } }, [place(now)]],
    ["nothing is left", { ...sweep, counts: { pending: 0, queued: 0, running: 0 } }, [place(now)]],
    ["it is paused", { ...sweep, state: "paused" as const }, [place(now)]],
    ["it has not begun", { ...sweep, begun: false }, [place(now)]],
  ])("is null while %s", (_why, waiting, places) => {
    expect(waitingFor(waiting, places)).toBeNull();
  });
});
