import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { growth } from "./growth";
import { cnnCase, longMlpCase, mlpCase, sindyCase, type PeerCase } from "./peer-cases";
import { peerVersions, preparePeers, runPeer, trainingPeers } from "./peer-environment";
import { lastLosses } from "./peer-losses";
import { pinnPeers } from "./pinn-peers";
import { atLeast, figure, mean, type BenchmarkOptions, type Measurement } from "./report";
import { sleeps } from "./sleeps";
import { TorchPeer } from "./torch-peer";
import { runSweep, startWarmStack, type WarmStack } from "./warm-stack";

const JaxAnswer = z.object({ compileSeconds: z.number(), seconds: z.number(), losses: z.array(z.number()) });

interface Round {
  basin: number;
  torch: number;
  jax: number;
  jaxWithCompilation: number;
}

/** Equal work is taken as shown when the mean final losses agree within this factor: the random numbers differ. */
const lossFactor = 1.5;

const cases = { mlp: mlpCase, sindy: sindyCase, cnn: cnnCase };

/** Each can be measured alone: `--only NAME`. */
export const peerParts = ["mlp", "sindy", "cnn", "pinn", "growth", "sleeps"] as const;

/**
 * Basin, warm, from submit to the last commit, against Optuna with Postgres storage and two PyTorch workers, and against one JAX
 * program, on the same samples; the sides take turns within each round. A ratio of 10 means ten times as fast as the peer. Then the heat equation
 * against scripts with torch.func, JAX and DeepXDE, how cost grows with the number of initializations, and what scheduling costs.
 */
export async function peers({ quick, only }: BenchmarkOptions): Promise<Measurement> {
  const wanted = peerParts.filter((part) => only?.includes(part) ?? true);
  const measurement: Measurement = { figures: {}, checks: [], rows: [], backend: "wasm" };
  for (const part of wanted) {
    if (part === "growth") add(measurement, await growth({ quick }));
    else if (part === "sleeps") add(measurement, await sleeps({ quick }));
    else if (part === "pinn") add(measurement, await pinnPeers({ quick }));
    else add(measurement, await againstPeers(cases[part](quick), quick));
  }
  return measurement;
}

function add(into: Measurement, { figures, checks, rows }: Measurement): void {
  Object.assign(into.figures, figures);
  into.checks.push(...checks);
  into.rows.push(...rows);
}

/** The bounds on a case, by figure. */
function bounds({ name, wanted }: PeerCase): [figure: string, least: number][] {
  return [
    [`${name}OverPyTorchOptuna`, wanted.torch],
    [`${name}OverJax`, wanted.jax],
    [`${name}OverJaxWithoutCompilation`, wanted.jax],
  ];
}

async function againstPeers(one: PeerCase, quick: boolean): Promise<Measurement> {
  const missing = await preparePeers(trainingPeers, { install: !quick });
  if (missing !== null) {
    const checks = bounds(one).map(([name, least]) => ({ ...atLeast(name, null, least), reason: missing }));
    return { figures: {}, checks, rows: [], backend: "wasm" };
  }
  const stack = await startWarmStack();
  const folder = await mkdtemp(join(tmpdir(), "basin-peers-"));
  try {
    return await compare(stack, folder, one, quick ? 2 : 5);
  } finally {
    await stack.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function compare(stack: WarmStack, folder: string, one: PeerCase, rounds: number): Promise<Measurement> {
  const into: Measurement = { figures: {}, checks: [], rows: [{ peers: await peerVersions() }], backend: "wasm" };
  const settings = one.prepare(folder);
  const seeds = Array.from({ length: one.runs }, (_, i) => i);
  const job = { ...settings, case: one.name, folder, seeds };
  const jaxFile = join(folder, `${one.name}-jax.json`);
  await writeFile(jaxFile, JSON.stringify(job));
  const torch = new TorchPeer(stack, folder);
  const threads = await torch.betterThreads(job, into.rows);
  // Takes what is loaded once out of the measurement, as the peers' own warm-up does.
  await runSweep(stack.api, { ...one.sweep, seeds: { count: 2, first: 1000 } });
  const measured: Round[] = [];
  for (let round = 0; round < rounds; round++) {
    const { sweep, submittedAt, endedAt } = await runSweep(stack.api, one.sweep);
    const basin = (endedAt - submittedAt) / 1000;
    const byTorch = await torch.run(job, { threads, report: false });
    const jax = JaxAnswer.parse(await runPeer("jax_vmap.py", jaxFile));
    const times = { basin, torch: byTorch.seconds, jax: jax.seconds, jaxWithCompilation: jax.seconds + jax.compileSeconds };
    measured.push(times);
    const losses = {
      basin: mean(await lastLosses(stack.api, sweep.id, one.lossMetric)),
      torch: mean(byTorch.losses),
      jax: mean(jax.losses),
    };
    checkEqualWork(into, `${one.name}, round ${round}, mean final loss`, losses);
    into.rows.push({ case: one.name, title: one.title, round, torchThreads: threads, ...rounded(times), losses });
  }
  for (const side of ["basin", "torch", "jax", "jaxWithCompilation"] as const) {
    into.figures[`${one.name}Seconds${side === "basin" ? "" : `Of${capitalized(side)}`}`] = figure(
      measured.map((round) => round[side]),
      "s",
    );
  }
  const over = (side: Exclude<keyof Round, "basin">) =>
    figure(
      measured.map((round) => round[side] / round.basin),
      "times as fast",
    );
  const ratios = [over("torch"), over("jaxWithCompilation"), over("jax")];
  for (const [i, [name, least]] of bounds(one).entries()) {
    const ratio = ratios[i];
    if (!ratio) continue;
    into.figures[name] = ratio;
    into.checks.push(atLeast(name, ratio.value, least));
  }
  if (one.name !== "mlp") return into;
  if (rounds > 2) await compareLongTraining(stack, folder, torch, threads, into);
  // What the scripts of tutorials do: a DataLoader, and every epoch's loss reported to the study.
  const loader = await torch.run({ ...job, case: "mlp-loader" }, { threads, report: true });
  into.figures["mlpOverPyTorchDataLoader"] = figure(
    measured.map(({ basin }) => loader.seconds / basin),
    "times as fast",
  );
  return into;
}

/** No times: whether the three sides still agree where the network learns. */
async function compareLongTraining(
  stack: WarmStack,
  folder: string,
  torch: TorchPeer,
  threads: number,
  into: Measurement,
): Promise<void> {
  const long = longMlpCase();
  const job = { ...long.prepare(folder), case: "mlp", folder, seeds: Array.from({ length: long.runs }, (_, i) => i) };
  const jaxFile = join(folder, "long-jax.json");
  await writeFile(jaxFile, JSON.stringify(job));
  const { sweep } = await runSweep(stack.api, long.sweep);
  const losses = {
    basin: figure(await lastLosses(stack.api, sweep.id, long.lossMetric), "").value ?? Number.NaN,
    torch: figure((await torch.run(job, { threads, report: false })).losses, "").value ?? Number.NaN,
    jax: figure(JaxAnswer.parse(await runPeer("jax_vmap.py", jaxFile)).losses, "").value ?? Number.NaN,
  };
  into.rows.push({ case: "mlp", title: long.title, medianLosses: losses });
  checkEqualWork(into, `${long.title}, median final loss`, losses);
}

function checkEqualWork(into: Measurement, what: string, losses: Record<"basin" | "torch" | "jax", number>): void {
  for (const peer of ["torch", "jax"] as const) {
    const ratio = losses[peer] / losses.basin;
    into.checks.push({
      name: `equal work as ${peer}: ${what} over Basin's`,
      want: `between ${(1 / lossFactor).toFixed(2)} and ${lossFactor}`,
      got: Number.isFinite(ratio) ? ratio : null,
      met: ratio > 1 / lossFactor && ratio < lossFactor,
    });
  }
}

function capitalized(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

function rounded(sides: Round): Record<string, number> {
  return Object.fromEntries(Object.entries(sides).map(([side, value]) => [`${side}Seconds`, Number(Number(value).toFixed(3))]));
}
