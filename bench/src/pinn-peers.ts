import type { Configuration, SweepSpecInput } from "@basin/contracts";
import { openBackend, readSafetensors } from "@basin/engine";
import { createPackProgram } from "@basin/models";
import { configurationOf, findExperiment, noResources } from "@basin/problems";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { writeNpy } from "./npy";
import { peerVersions, preparePeers, runPeer, trainingPeers } from "./peer-environment";
import { lastLosses } from "./peer-losses";
import { atLeast, atMost, figure, mean, type Measurement } from "./report";
import { runSweep, startWarmStack, type WarmStack } from "./warm-stack";

const TorchAnswer = z.object({ seconds: z.number(), losses: z.array(z.number()), checked: z.array(z.number()) });
const JaxAnswer = TorchAnswer.extend({ compileSeconds: z.number() });
const DeepXdeAnswer = z.object({ seconds: z.number(), losses: z.array(z.number()), threads: z.int() });

/** How PyTorch shares the two cores: one process with both, or one process for each half of the initializations. */
const sharings = [
  { workers: 1, threads: 2 },
  { workers: 2, threads: 1 },
  { workers: 1, threads: 1 },
] as const;
type Sharing = (typeof sharings)[number];

/** At equal weights the peers' loss may differ by this share of Basin's: rounding in single precision. */
const equalLoss = 1e-5;
/** Steps after which the loss is compared at the weights that Basin has then: where the loss is a difference of near numbers, rounding is all there is to compare. */
const checkedEpochs = [1, 100] as const;
/** DeepXDE trains one initialization after the other: this part of them is trained, and its time taken so many times. */
const deepXdeShare = 4;
const bounds = { pinnOverPyTorch: 5, pinnOverJax: 1 } as const;

interface Job extends Record<string, unknown> {
  folder: string;
  seeds: readonly number[];
  epochs: number;
}

interface Round {
  basin: number;
  torch: number;
  jax: number;
  jaxWithCompilation: number;
}

/** The heat equation with both ends held at 0, by networks 2-32-32-32-1: 16 initializations × 2,000 steps of Adam on all points. */
export async function pinnPeers({ quick }: { quick: boolean }): Promise<Measurement> {
  const missing = await preparePeers(trainingPeers, { install: !quick });
  if (missing !== null) {
    const checks = Object.entries(bounds).map(([name, least]) => ({ ...atLeast(name, null, least), reason: missing }));
    return { figures: {}, checks, rows: [], backend: "wasm" };
  }
  const folder = await mkdtemp(join(tmpdir(), "basin-pinn-peers-"));
  const stack = await startWarmStack();
  try {
    return await compare(stack, folder, quick);
  } finally {
    await stack.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function compare(stack: WarmStack, folder: string, quick: boolean): Promise<Measurement> {
  const [runs, epochs, rounds] = quick ? [4, 200, 2] : [16, 2000, 5];
  const sweep: SweepSpecInput = {
    experiment: "heat-pinn",
    space: { epochs: { type: "fixed", value: epochs }, plots: { type: "fixed", value: false } },
    seeds: { count: runs },
  };
  const into: Measurement = { figures: {}, checks: [], rows: [{ peers: await peerVersions() }], backend: "wasm" };
  const basinLosses = await writeChecked(folder);
  const job: Job = {
    ...writeProblem(folder, epochs),
    checked: basinLosses.length,
    seeds: Array.from({ length: runs }, (_, i) => i),
  };
  const sharing = await betterSharing(job, into.rows);
  // Takes what is loaded once out of the measurement, as the peers' own warm-up does.
  await runSweep(stack.api, { ...sweep, seeds: { count: 2, first: 1000 } });
  const measured: Round[] = [];
  for (let round = 0; round < rounds; round++) {
    const own = await runSweep(stack.api, sweep);
    const basin = (own.endedAt - own.submittedAt) / 1000;
    const torch = await byTorch(job, sharing);
    const jax = JaxAnswer.parse(await runPeer("pinn_jax.py", await jobFile(job, "jax")));
    measured.push({ basin, torch: torch.seconds, jax: jax.seconds, jaxWithCompilation: jax.seconds + jax.compileSeconds });
    const losses = {
      basin: mean(await lastLosses(stack.api, own.sweep.id, "loss")),
      torch: mean(torch.losses),
      jax: mean(jax.losses),
    };
    into.rows.push({ case: "pinn", round, ...sharing, ...measured.at(-1), meanFinalLosses: losses });
    if (round === 0) checkEqualWork(into, basinLosses, { torch: torch.checked, jax: jax.checked });
  }
  const few = { ...job, seeds: job.seeds.slice(0, runs / deepXdeShare) };
  const deepXde = DeepXdeAnswer.parse(await runPeer("pinn_deepxde.py", await jobFile(few, "deepxde")));
  into.rows.push({ case: "pinn", deepXdeSeeds: few.seeds.length, ...deepXde, losses: mean(deepXde.losses) });
  summarize(into, measured, deepXde.seconds * deepXdeShare);
  return into;
}

function summarize(into: Measurement, measured: readonly Round[], deepXde: number): void {
  const { figures, checks } = into;
  const seconds = (side: keyof Round) =>
    figure(
      measured.map((round) => round[side]),
      "s",
    );
  const over = (peer: (round: Round) => number) =>
    figure(
      measured.map((round) => peer(round) / round.basin),
      "times as fast",
    );
  figures["pinnSeconds"] = seconds("basin");
  figures["pinnSecondsOfTorch"] = seconds("torch");
  figures["pinnSecondsOfJax"] = seconds("jax");
  figures["pinnSecondsOfJaxWithCompilation"] = seconds("jaxWithCompilation");
  figures["pinnSecondsOfDeepXde"] = figure([deepXde], "s");
  figures["pinnOverPyTorch"] = over(({ torch }) => torch);
  figures["pinnOverJax"] = over(({ jaxWithCompilation }) => jaxWithCompilation);
  figures["pinnOverJaxWithoutCompilation"] = over(({ jax }) => jax);
  figures["pinnOverDeepXde"] = over(() => deepXde);
  for (const [name, least] of Object.entries(bounds)) checks.push(atLeast(name, figures[name]?.value ?? null, least));
}

/** The loss of the same networks on all sides. */
function checkEqualWork(into: Measurement, basin: readonly number[], peers: Record<"torch" | "jax", readonly number[]>): void {
  for (const [peer, losses] of Object.entries(peers))
    for (const [i, own] of basin.entries()) {
      const apart = Math.abs((losses[i] ?? Number.NaN) / own - 1);
      const name = `equal work as ${peer}: relative difference of the loss at the weights after ${checkedEpochs[i] ?? i} steps`;
      into.checks.push(atMost(name, Number.isFinite(apart) ? apart : null, equalLoss));
      into.rows.push({ case: "pinn", afterSteps: checkedEpochs[i], peer, lossOfPeer: losses[i], lossOfBasin: own });
    }
}

async function jobFile(job: Job, name: string): Promise<string> {
  const file = join(job.folder, `${name}.json`);
  await writeFile(file, JSON.stringify(job));
  return file;
}

async function byTorch(job: Job, sharing: Sharing): Promise<z.infer<typeof TorchAnswer>> {
  return TorchAnswer.parse(await runPeer("pinn_torch.py", await jobFile({ ...job, ...sharing }, "torch")));
}

/** Whichever trains all initializations by a tenth of the steps in the least time. */
async function betterSharing(job: Job, rows: Record<string, unknown>[]): Promise<Sharing> {
  let [best, least]: [Sharing, number] = [sharings[0], Infinity];
  for (const sharing of sharings) {
    const { seconds } = await byTorch({ ...job, epochs: Math.max(50, job.epochs / 10) }, sharing);
    rows.push({ case: "pinn", ...sharing, torchSecondsOfATenth: seconds });
    if (seconds < least) [best, least] = [sharing, seconds];
  }
  return best;
}

/** Writes the points and what is known there; the settings of the peers' job. */
function writeProblem(folder: string, epochs: number): Pick<Job, "folder" | "epochs"> & Record<string, unknown> {
  const { problem, parameters } = heat({ epochs });
  const { grids, terms } = problem.system(parameters, noResources);
  const [interior, start, ends] = grids;
  const values = terms.find(({ metric }) => metric === "initialLoss")?.measured;
  if (!interior || !start || !ends || !values) throw new Error("heat-pinn has no longer the three grids that are compared");
  writeNpy(join(folder, "interior.npy"), interior.points, [interior.points.length / 2, 2]);
  writeNpy(join(folder, "start.npy"), start.points, [start.points.length / 2, 2]);
  writeNpy(join(folder, "startValues.npy"), values, [values.length, 1]);
  writeNpy(join(folder, "ends.npy"), ends.points, [ends.points.length / 2, 2]);
  const { learningRate, scheduleDecay, diffusivity, endTime, points, edgePoints, initialWeight, boundaryWeight } = parameters;
  const widths = [2, ...[parameters["hiddenLayers"] ?? []].flat().map(Number), 1];
  const rates = { learningRate, decay: scheduleDecay, epochs };
  return { folder, widths, diffusivity, endTime, points, edgePoints, initialWeight, boundaryWeight, ...rates };
}

/** Trains one network here, whose bits are those of a trainer, and writes its weights after so many steps; its loss with them. */
async function writeChecked(folder: string): Promise<number[]> {
  await openBackend("wasm");
  const losses: number[] = [];
  for (const [network, epochs] of checkedEpochs.entries()) {
    const { parameters } = heat({ epochs, reportEvery: 1, plots: false });
    const sink = {
      metric: () => undefined,
      finished: (
        _: number,
        { metrics, artifacts }: { metrics: Record<string, number>; artifacts: { name: string; content: Uint8Array }[] },
      ) => {
        losses.push(metrics["loss"] ?? Number.NaN);
        const weights = artifacts.find(({ name }) => name === "weights.safetensors");
        const { tensors } = readSafetensors(weights?.content ?? new Uint8Array());
        for (let layer = 0; tensors[`layers.${layer}.weight`]; layer++)
          for (const [i, part] of ["weight", "bias"].entries()) {
            const { shape = [], values } = tensors[`layers.${layer}.${part}`] ?? {};
            writeNpy(join(folder, `checked-${network}-${2 * layer + i}.npy`), Float32Array.from(values ?? []), shape);
          }
      },
    };
    const run = { index: 0, seed: 0, attempt: 1, parameters, checkpoint: null };
    const pack = await createPackProgram("heat-pinn", [run], sink, noResources);
    while (await pack.advance());
    pack.dispose();
  }
  return losses;
}

function heat(changes: Configuration) {
  const definition = findExperiment("heat-pinn");
  if (definition?.problem.kind !== "differential-equation") throw new Error("the experiment heat-pinn is not there");
  return { problem: definition.problem, parameters: configurationOf(definition, changes) };
}
