import { openBackend } from "@basin/engine";
import { beforeAll, describe, expect, it } from "vitest";
import { startPack, trainPack } from "../testing/recorded-pack";
import {
  field,
  harmonicOscillator,
  pendulumGravity,
  smallField,
  smallGravity,
  smallOscillator,
} from "../testing/small-equations";

beforeAll(async () => {
  await openBackend("wasm");
});

describe("pinn", () => {
  it("trains the same whatever it reports, and reports the losses that an epoch began with", async () => {
    const runs = (reportEvery: number) => [{ seed: 3, parameters: smallOscillator({ reportEvery }) }];
    const [each] = await trainPack(harmonicOscillator, runs(1));
    const [third] = await trainPack(harmonicOscillator, runs(3));
    expect(third?.result).toEqual(each?.result);
    expect(third?.series["loss"]).toEqual(each?.series["loss"]?.filter(([epoch]) => epoch % 3 === 0));
    const [, , , loss = 0, residual = 0] = ["", "", "", "loss", "residualLoss"].map((name) => each?.series[name]?.[0]?.[1] ?? 0);
    const [angle = 0, velocity = 0] = ["angleLoss", "velocityLoss"].map((name) => each?.series[name]?.[0]?.[1] ?? 0);
    expect(loss).toBeCloseTo(residual + angle + velocity, 5);
  });

  it("weighs a run's terms by that run's weights", async () => {
    const weighted = smallOscillator({ residualWeight: 0.5, angleWeight: 0, velocityWeight: 3 });
    const [plain, other] = await trainPack(harmonicOscillator, [
      { seed: 4, parameters: smallOscillator() },
      { seed: 4, parameters: weighted },
    ]);
    const first = (name: string, recording = other): number => recording?.series[name]?.[0]?.[1] ?? NaN;
    expect(first("residualLoss")).toBe(first("residualLoss", plain));
    expect(first("loss")).toBeCloseTo(0.5 * first("residualLoss") + 3 * first("velocityLoss"), 5);
    expect(other?.series["residualLoss"]?.[5]).not.toEqual(plain?.series["residualLoss"]?.[5]);
  });

  it("finds a trainable physical parameter and leaves a network without a task alone", async () => {
    const parameters = smallGravity({ estimate: "parameter", epochs: 400, reportEvery: 400, learningRate: 0.05 });
    const [found] = await trainPack(pendulumGravity, [{ seed: 1, parameters }]);
    expect(found?.result?.metrics["parameterError"]).toBeLessThan(0.02);
    expect(Object.keys(found?.result?.metrics ?? {})).not.toContain("spreadLoss");
  });

  it("counts a part of the loss in its window alone", async () => {
    const [recording] = await trainPack(field, [{ seed: 3, parameters: smallField() }]);
    const at = (name: string, epoch: number): number => recording?.series[name]?.[epoch - 1]?.[1] ?? NaN;
    for (const epoch of [1, 2, 3, 4, 5, 6]) {
      const always = at("residualLoss", epoch) + 3 * at("dataLoss", epoch);
      const late = epoch > 3 ? 0.5 * at("slopeLoss", epoch) : 0.1 * at("sparsityLoss", epoch);
      const early = epoch <= 4 ? 0.7 * at("integralLoss", epoch) : 0;
      expect(at("loss", epoch) / (always + late + early), `epoch ${epoch}`).toBeCloseTo(1, 6);
    }
  });

  it("sets small unknowns to 0 for good at their moment, and moves one with a rate of its own by that", async () => {
    const [fast] = await trainPack(field, [{ seed: 3, parameters: smallField({ late: 1, epochs: 1, diffusivityRate: 0.1 }) }]);
    const [before, after] = await trainPack(field, [
      { seed: 3, parameters: smallField({ late: 1, diffusivityRate: 1e-3 }) },
      { seed: 3, parameters: smallField({ late: 0.5, diffusivityRate: 1e-3 }) },
    ]);
    expect(before?.result?.metrics["a"]).not.toBe(0);
    expect(after?.result?.metrics["a"]).toBe(0);
    expect(Math.abs(after?.result?.metrics["b"] ?? NaN)).toBeGreaterThan(0.5);
    // The first step of Adam is the rate itself.
    expect(Math.abs((fast?.result?.metrics["k"] ?? NaN) - 0.3)).toBeCloseTo(0.1, 4);
    expect(Math.abs((before?.result?.metrics["k"] ?? NaN) - 0.3)).toBeLessThan(0.0061);
  });

  it("trains otherwise where points are redrawn or terms balanced, and tells the loss with the run's own weights", async () => {
    const [plain, redrawn, balanced] = await trainPack(field, [
      { seed: 3, parameters: smallField({ late: 1 }) },
      { seed: 3, parameters: smallField({ late: 1, redrawEvery: 3 }) },
      { seed: 3, parameters: smallField({ late: 1, balanceEvery: 2 }) },
    ]);
    const series = (recording: typeof plain, name: string): number[] => (recording?.series[name] ?? []).map(([, value]) => value);
    expect(series(redrawn, "loss").slice(0, 3)).toEqual(series(plain, "loss").slice(0, 3));
    expect(series(redrawn, "residualLoss")[3]).not.toBe(series(plain, "residualLoss")[3]);
    expect(series(redrawn, "dataLoss")[3]).toBe(series(plain, "dataLoss")[3]);
    expect(series(balanced, "loss")[0]).toBe(series(plain, "loss")[0]);
    expect(series(balanced, "dataLoss")[1]).not.toBe(series(plain, "dataLoss")[1]);
    const at = (name: string): number => series(balanced, name)[5] ?? NaN;
    expect(at("loss") / (at("residualLoss") + 3 * at("dataLoss") + 0.1 * at("sparsityLoss"))).toBeCloseTo(1, 6);
  });

  it("ends a run whose loss is no number as diverged, beside one that goes on", async () => {
    const [bad, good] = await trainPack(harmonicOscillator, [
      { seed: 1, parameters: smallOscillator({ initialization: "normal", initializationGain: 1000, learningRate: 1e6 }) },
      { seed: 1, parameters: smallOscillator() },
    ]);
    expect(good?.result?.outcome).toBe("succeeded");
    expect(bad?.result).toMatchObject({ outcome: "diverged", metrics: { outcomeClass: 2 } });
    expect(bad?.result?.reason).toMatch(/^loss became (NaN|Infinity) at epoch \d+$/);
  });

  it("refuses a checkpoint of another network, and a block that does not divide the epochs", async () => {
    const { program } = await startPack(harmonicOscillator, [{ seed: 1, parameters: smallOscillator() }]);
    const checkpoint = await program.checkpoint(0);
    program.dispose();
    const start = (parameters: ReturnType<typeof smallOscillator>) =>
      startPack(harmonicOscillator, [{ seed: 1, parameters, checkpoint }]);
    await expect(start(smallOscillator({ activation: "tanh" }))).rejects.toThrow(
      'The checkpoint has activation "sine", but this run needs "tanh".',
    );
    await expect(start(smallOscillator({ reportEvery: 4 }))).rejects.toThrow("reportEvery (4) does not divide the 6 epochs.");
  });
});
