import { Stopping } from "@basin/contracts";
import { permutation, randomStream } from "@basin/numerics";
import { findStoppingRule, StoppingRecord } from "@basin/search";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { z } from "zod";
import { atMost, mean, type Check, type Measurement } from "./report";

const Tasks = z.record(z.string(), z.object({ validation: z.array(z.array(z.number().nullable())) }));
/** A loss for each point of each configuration; +∞ where it was no number. */
type Curves = readonly (readonly number[])[];

const file = "taskset-curves.json.gz";
/** Budgets, in whole trainings. */
const trainings = [10, 20, 50] as const;
const bounds: Partial<Record<(typeof trainings)[number], number>> = { 10: 0.36, 50: 0.1 };

const heldTo = (trained: number): [string, number][] => {
  const bound = bounds[trained as (typeof trainings)[number]];
  return bound === undefined ? [] : [[`curveRegret${trained}`, bound]];
};

/** Why there are no curves, as checks that nothing was measured for. */
const missing = (reason: string): Check[] =>
  trainings.flatMap(heldTo).map(([name, bound]) => ({ ...atMost(name, null, bound), reason }));

/**
 * Suite F: learning curves of TaskSet (L. Metz et al., 2020). Configurations drawn at random are trained one after the other until the budget is spent; a stopping rule ends
 * them at rungs. Regret of the best that was trained to its end: 0 is the best final loss of the task, 1 the median one.
 */
export function onCurves({ figures, checks, rows }: Measurement, folder: string | null, quick: boolean): void {
  const path = folder === null ? null : join(folder, file);
  if (path === null || !existsSync(path)) {
    checks.push(...missing(path === null ? `give the folder of ${file} with --curves` : `there is no ${path}`));
    return;
  }
  const tasks = Object.entries(Tasks.parse(JSON.parse(gunzipSync(readFileSync(path)).toString())));
  const repetitions = quick ? 1 : 30;
  const rules = ["none", "percentile", "asha"] as const;
  const regrets = new Map<string, number[]>();
  for (const [task, { validation }] of tasks) {
    const curves = validation.map((curve) => curve.map((loss) => loss ?? Number.POSITIVE_INFINITY));
    const scale = scaleOf(curves);
    const own = new Map<string, number[]>();
    for (let seed = 0; seed < repetitions; seed++) {
      const order = permutation(randomStream(seed, `bench/curves/${task}`), curves.length);
      for (const rule of rules) {
        const reached = spend(curves, order, rule);
        for (const trained of trainings) {
          const key = `${rule} ${trained}`;
          const regret = (bestWithin(reached, trained * (curves[0]?.length ?? 0)) - scale.best) / (scale.median - scale.best);
          own.set(key, [...(own.get(key) ?? []), regret]);
          regrets.set(key, [...(regrets.get(key) ?? []), regret]);
        }
      }
    }
    rows.push({ suite: "F", task, regret: Object.fromEntries([...own].map(([key, all]) => [key, mean(all)])) });
  }
  for (const rule of rules)
    for (const trained of trainings) {
      const all = regrets.get(`${rule} ${trained}`) ?? [];
      const name = rule === "asha" ? `curveRegret${trained}` : `curveRegret${trained}Of${rule === "none" ? "NoRule" : "Median"}`;
      figures[name] = { value: mean(all), unit: "of the median's", min: null, max: null, samples: all.length };
    }
  for (const [name, bound] of trainings.flatMap(heldTo)) checks.push(atMost(name, figures[name]?.value ?? null, bound));
}

interface Reached {
  /** Epochs spent when it was trained to its end. */
  spent: number;
  loss: number;
}

/** What was trained to its end, and when, with the greatest of the budgets. */
function spend(curves: Curves, order: Int32Array, id: "none" | "percentile" | "asha"): Reached[] {
  const epochs = curves[0]?.length ?? 0;
  const rule = id === "none" ? null : findStoppingRule(id);
  const config = Stopping.parse({ rule: rule?.id ?? "asha" });
  const rungs = rule?.rungs(config, epochs) ?? [];
  const record = rule && new StoppingRecord(rule, config, rungs, 1);
  const reached: Reached[] = [];
  let spent = 0;
  for (const [trial, i] of order.entries()) {
    if (spent >= (trainings.at(-1) ?? 0) * epochs) break;
    const curve = curves[i] ?? [];
    const stop = stoppedAt(record, trial, curve, rungs);
    spent += stop ?? epochs;
    if (stop !== null) continue;
    reached.push({ spent, loss: curve.at(-1) ?? Number.POSITIVE_INFINITY });
    record?.tell({ type: "reports", reports: [], ended: [{ trial, initialization: 0 }] });
  }
  return reached;
}

/** The step at which the rule ends a curve; null: never. */
function stoppedAt(
  record: StoppingRecord | null,
  trial: number,
  curve: readonly number[],
  rungs: readonly number[],
): number | null {
  for (const [rung, step] of rungs.entries()) {
    const value = curve[step - 1] ?? Number.POSITIVE_INFINITY;
    const report = { trial, initialization: 0, rung, value: Number.isFinite(value) ? value : null };
    if ((record?.tell({ type: "reports", reports: [report], ended: [] }) ?? []).length > 0) return step;
  }
  return null;
}

/** Of what was trained to its end by then; +∞ where nothing was. */
const bestWithin = (reached: readonly Reached[], budget: number): number =>
  reached.reduce((best, { spent, loss }) => (spent <= budget && loss < best ? loss : best), Number.POSITIVE_INFINITY);

function scaleOf(curves: Curves): { best: number; median: number } {
  const finals = curves.map((curve) => curve.at(-1) ?? Number.POSITIVE_INFINITY).sort((a, b) => a - b);
  return { best: finals[0] ?? 0, median: finals[finals.length >> 1] ?? 0 };
}
