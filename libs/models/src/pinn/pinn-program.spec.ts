import { PinnParameters } from "@basin/contracts";
import { openBackend } from "@basin/engine";
import {
  constant,
  exponentialOf,
  lossParts,
  noResources,
  product,
  solution,
  sum,
  type DifferentialEquationProblem,
  type ExperimentDefinition,
  type LossTerm,
  type UnknownsAtStep,
} from "@basin/problems";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { startPack, trainPack } from "../testing/recorded-pack";
import {
  field,
  harmonicOscillator,
  pendulumGravity,
  smallField,
  smallGravity,
  smallOscillator,
} from "../testing/small-equations";
import { buildEquationLoss, disposeEquationLoss, inputJets, termsAndGradients } from "./equation-loss";
import { partWeights } from "./part-weights";
import { historyEvery } from "./pinn-run";

function equationOf({ problem }: ExperimentDefinition): DifferentialEquationProblem {
  if (problem.kind !== "differential-equation") throw new Error("no differential equation");
  return problem;
}

/** Infinite wherever the network is. */
const exploding: LossTerm = {
  metric: "explodingLoss",
  weight: ({ explodingWeight }) => Number(explodingWeight),
  grid: 1,
  measured: null,
  residual: exponentialOf(sum(product(constant(1000), solution(), solution()), constant(1000))),
  measure: "mean-square",
};

/** `field` with one part more. */
function withTerm(term: LossTerm): ExperimentDefinition {
  const problem = equationOf(field);
  const system: typeof problem.system = (parameters, resources) => {
    const own = problem.system(parameters, resources);
    return { ...own, terms: [...own.terms, term] };
  };
  const parameters = field.parameters.extend({ explodingWeight: z.number().min(0).default(0).meta({ title: "Weight" }) });
  return {
    ...field,
    parameters,
    perRunParameters: [...field.perRunParameters, "explodingWeight"],
    problem: { ...problem, system },
  };
}

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

  it("refuses a window that ends before it begins, or that names no moment", async () => {
    const start = (window: NonNullable<LossTerm["window"]>) =>
      startPack(withTerm({ ...exploding, residual: solution(), window }), [{ seed: 1, parameters: smallField() }]);
    const named = 'The window of the loss term "explodingLoss"';
    const [half, step] = [{ share: 0.5 }, { step: 3 }];
    await expect(start(() => ({ from: half, until: half }))).rejects.toThrow(
      `${named} begins at the share 0.5 and ends at the share 0.5 of 6 steps: it never counts.`,
    );
    await expect(start(() => ({ from: half, until: step }))).rejects.toThrow(
      `${named} begins at the share 0.5 and ends at step 3 of 6 steps`,
    );
    await expect(start(() => ({ until: { step: 0 } }))).rejects.toThrow(`${named} begins at step 0 and ends at step 0`);
    await expect(start(() => ({ until: { share: 1.5 } }))).rejects.toThrow(`${named} names the share 1.5; a step is`);
    await expect(start(() => ({ from: { step: Number.NaN } }))).rejects.toThrow(`${named} names step NaN`);
    const { program } = await start(() => ({ from: { share: 0.4 }, until: half }));
    program.dispose();
  });

  it("takes nothing from a part of weight 0, also where it is infinite, whatever the other runs ask for", async () => {
    const definition = withTerm(exploding);
    const run = (explodingWeight: number) => ({ seed: 3, parameters: { ...smallField({ late: 1 }), explodingWeight } });
    const [plain] = await trainPack(field, [{ seed: 3, parameters: smallField({ late: 1 }) }]);
    const [alone] = await trainPack(definition, [run(0)]);
    const [beside, bad] = await trainPack(definition, [run(0), run(1)]);
    expect(alone?.series["explodingLoss"]?.[0]?.[1]).toBe(Number.POSITIVE_INFINITY);
    expect(alone?.series["loss"]).toEqual(plain?.series["loss"]);
    expect(alone?.result?.metrics["k"]).toBe(plain?.result?.metrics["k"]);
    expect(beside).toEqual(alone);
    expect(bad?.result?.outcome).toBe("diverged");
  });

  it("does not ask the network for a part that counts in no run, but where its value is told", () => {
    const equationLoss = buildEquationLoss("tanh", equationOf(field).system(smallField(), noResources));
    const parts = lossParts(equationLoss.system).map(({ metric }) => metric);
    const widths = [2, 5, 1];
    const parameters = [
      ...widths.slice(1).flatMap((width, i) => [tf.ones([1, widths[i] ?? 1, width]), tf.zeros([1, 1, width])]),
      ...equationLoss.system.unknowns.map(() => tf.ones([1, 1, 1])),
    ];
    const jets = inputJets(equationLoss, 1);
    // The points of dataLoss and integralLoss, which go through the network on their own.
    expect(equationLoss.passes.map(({ grids }) => grids)).toEqual([[0], [1]]);
    tf.dispose([...(jets[1] ?? [])]);
    const ask = (counting: string, values: boolean) => () =>
      tf.tidy(() =>
        termsAndGradients(equationLoss, parameters, {
          jets,
          progress: tf.ones([1, 1, 1]),
          weights: partWeights([parts.map((metric) => Number(metric === counting))], parts.length),
          values,
        }),
      );
    const { terms, gradients } = ask("residualLoss", false)();
    expect([terms.length, gradients.length]).toEqual([0, parameters.length]);
    expect(ask("none", false)().gradients.map((gradient) => gradient.shape)).toEqual(gradients.map(({ shape }) => shape));
    expect(ask("residualLoss", true)).toThrow();
    expect(ask("integralLoss", false)).toThrow();
    tf.dispose([...parameters, ...(jets[0] ?? [])]);
    disposeEquationLoss(equationLoss);
  });

  it("keeps how the unknowns went, also over a checkpoint, and no more of it than is drawn", async () => {
    const seen: UnknownsAtStep[][] = [];
    const definition = {
      ...field,
      problem: {
        ...equationOf(field),
        judge: (...[parameters, learned, resources]: Parameters<DifferentialEquationProblem["judge"]>) => {
          seen.push([...learned.history]);
          return equationOf(field).judge(parameters, learned, resources);
        },
      },
    };
    const run = { seed: 3, parameters: smallField({ late: 0.5, reportEvery: 2 }) };
    const whole = await startPack(definition, [run]);
    await whole.program.advance();
    await whole.program.advance();
    const checkpoint = await whole.program.checkpoint(0);
    await whole.finish();
    await (await startPack(definition, [{ ...run, checkpoint }])).finish();
    const [first = [], second] = seen;
    expect(first.map(({ step }) => step)).toEqual([2, 4, 6]);
    expect(first.map(({ unknowns }) => unknowns["a"] === 0)).toEqual([false, true, true]);
    expect(first[2]?.unknowns["k"]).toBe(whole.recordings[0]?.result?.metrics["k"]);
    expect(second).toEqual(first);
    expect(historyEvery(PinnParameters.parse({ epochs: 10_000, reportEvery: 10 }))).toBe(30);
  });

  it("minimizes by L-BFGS in its last epochs: less loss than Adam alone, from the same start", async () => {
    const changes = { epochs: 600, reportEvery: 1, learningRate: 0.01 };
    const [adam, both] = await trainPack(harmonicOscillator, [
      { seed: 3, parameters: smallOscillator(changes) },
      { seed: 3, parameters: smallOscillator({ ...changes, lbfgsSteps: 400 }) },
    ]);
    const losses = (recording: typeof adam): number[] => (recording?.series["loss"] ?? []).map(([, loss]) => loss);
    expect(losses(both).slice(0, 201)).toEqual(losses(adam).slice(0, 201));
    expect(losses(both)[201]).not.toBe(losses(adam)[201]);
    const [slow = NaN, fast = NaN] = [adam, both].map((recording) => recording?.result?.metrics["loss"]);
    expect(fast).toBeLessThan(0.01 * slow);
    // It ends on the best point, not on a trial.
    expect(fast).toBeLessThanOrEqual(1.001 * Math.min(...losses(both)));
  });

  it("starts L-BFGS anew where the loss becomes another, and keeps what was pruned", async () => {
    const parameters = smallField({ epochs: 40, lbfgsSteps: 30, late: 0.5 });
    const [run] = await trainPack(field, [{ seed: 3, parameters }]);
    const at = (epoch: number): number => run?.series["loss"]?.[epoch - 1]?.[1] ?? NaN;
    expect(run?.result?.outcome).toBe("succeeded");
    expect(run?.result?.metrics["a"]).toBe(0);
    expect(at(20)).toBeLessThan(at(11));
    expect(at(40)).toBeLessThan(at(21));
    expect(run?.result?.metrics["loss"]).toBeLessThanOrEqual(1.001 * at(40));
  });

  it("refuses more steps of L-BFGS than epochs", async () => {
    await expect(startPack(harmonicOscillator, [{ seed: 1, parameters: smallOscillator({ lbfgsSteps: 7 }) }])).rejects.toThrow(
      "lbfgsSteps (7) is more than the 6 epochs.",
    );
    expect(harmonicOscillator.check?.(smallOscillator({ lbfgsSteps: 7 }))).toEqual([
      { path: "lbfgsSteps", message: "is more than the 6 epochs", hint: "e.g. 0" },
    ]);
  });
});
