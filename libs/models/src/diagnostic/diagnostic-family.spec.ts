import type { Configuration } from "@basin/contracts";
import { configurationOf, DiagnosticParameters, diagnosticValues } from "@basin/problems";
import { describe, expect, it } from "vitest";
import { startPack, trainPack } from "../testing/recorded-pack";
import { diagnostic } from "../testing/small-experiments";

const parameters = (changes: Configuration): Configuration => configurationOf(diagnostic, changes);

describe("diagnostic family", () => {
  it("reports the numbers that its parameters and seed name", async () => {
    const own = parameters({ steps: 3, valuesPerStep: 2, level: 5 });
    const [recording] = await trainPack(diagnostic, [{ seed: 8, parameters: own }]);
    const value = diagnosticValues(8, DiagnosticParameters.parse(own));
    expect(recording?.series).toEqual({
      value0: [1, 2, 3].map((step) => [step, value(step, 0)]),
      value1: [1, 2, 3].map((step) => [step, value(step, 1)]),
    });
    expect(recording?.result?.metrics).toEqual({ value0: value(3, 0), value1: value(3, 1) });
  });

  it("ends at once with no steps, and with no values", async () => {
    const [none] = await trainPack(diagnostic, [{ seed: 1, parameters: parameters({ steps: 0, valuesPerStep: 0 }) }]);
    expect(none).toEqual({ series: {}, result: { outcome: "succeeded", metrics: {}, reason: null, artifacts: [] } });
  });

  it("diverges at the step it is told", async () => {
    const runs = [{ divergeAtStep: 2 }, {}].map((changes, seed) => ({ seed, parameters: parameters({ steps: 4, ...changes }) }));
    const [diverged, calm] = await trainPack(diagnostic, runs);
    expect(diverged?.result).toMatchObject({ outcome: "diverged", reason: "value0 became NaN at step 2" });
    expect(diverged?.series["value0"]).toHaveLength(2);
    expect(calm?.series["value0"]).toHaveLength(4);
  });

  it("fails on the attempts it is told, and no other", async () => {
    const own = parameters({ steps: 1, failOnAttempts: 2 });
    for (const attempt of [1, 2]) {
      await expect(trainPack(diagnostic, [{ seed: 1, parameters: own, attempt }])).rejects.toThrow(`this is number ${attempt}`);
    }
    const [third] = await trainPack(diagnostic, [{ seed: 1, parameters: own, attempt: 3 }]);
    expect(third?.result?.outcome).toBe("succeeded");
  });

  it("takes as long as the slowest run asks", async () => {
    const runs = [0.05, 0].map((secondsPerStep, seed) => ({ seed, parameters: parameters({ steps: 2, secondsPerStep }) }));
    const pack = await startPack(diagnostic, runs);
    const started = performance.now();
    await pack.finish();
    expect(performance.now() - started).toBeGreaterThan(90);
  });
});
