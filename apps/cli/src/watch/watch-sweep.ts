import { changesOf } from "@basin/client";
import { ApiError, type Sweep, type SweepId } from "@basin/contracts";
import { setTimeout as sleep } from "node:timers/promises";
import { basinAt, call } from "../api-calls";
import type { Output } from "../output";
import { LiveArea } from "../terminal/live-area";
import { styleFor } from "../terminal/style";
import { waitingText } from "../waiting-text";
import { progressLine, progressTable } from "./progress-view";
import { SweepProgress } from "./sweep-progress";

const drawMilliseconds = 200;
const askMilliseconds = 1000;
const askAnywayMilliseconds = 4000;
const lineMilliseconds = 5000;

const isOver = (sweep: Sweep): boolean => sweep.state === "completed" || sweep.state === "cancelled";

/**
 * Shows a sweep on its way until it is completed or cancelled (or `signal` aborts) and returns its last known state: a table
 * that is drawn in place on a terminal, a line every few seconds elsewhere. An API that is away is waited for.
 */
export async function watchSweep(origin: string, id: SweepId, output: Output, signal: AbortSignal): Promise<Sweep> {
  const params = { sweep: id };
  const first = await call(origin, "getSweep", { params }, { signal });
  const experiment = await call(origin, "getExperiment", { params: { experiment: first.spec.experiment } }, { signal });
  const progress = new SweepProgress(first, experiment);
  const ending = new AbortController();
  const until = AbortSignal.any([signal, ending.signal]);
  const area = new LiveArea(output.people);
  const style = styleFor(output.people);
  const state: { dirty: boolean; note: string | null; asked: number } = { dirty: true, note: null, asked: -Infinity };
  let lastLine = "";
  let waiting: string | null = null;
  let lineAt = performance.now();

  const ask = async (): Promise<void> => {
    state.dirty = false;
    state.asked = performance.now();
    try {
      const [sweep, results, { reading }] = await Promise.all([
        call(origin, "getSweep", { params }, { signal: until }),
        call(origin, "getResults", { params, query: { sort: "index", limit: 40 } }, { signal: until }),
        call(origin, "getProgress", { params, query: { runs: 0 } }, { signal: until }),
      ]);
      progress.answered(sweep, results, reading);
      state.note = null;
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof ApiError) || (error.status > 0 && error.status < 500)) throw error;
      state.note = "the API does not answer; still trying";
      state.dirty = true;
    } finally {
      state.asked = performance.now();
    }
  };
  const draw = (final: boolean): void => {
    const snapshot = progress.snapshot();
    if (area.active) {
      area.draw(
        progressTable(snapshot, style, {
          maxGroups: Math.max(3, (output.people.rows || 24) - 8),
          note: final ? null : state.note,
        }),
      );
      return;
    }
    const waits = waitingText(snapshot.sweep) ?? (snapshot.reading === "" ? null : snapshot.reading);
    if (!final && waits !== null && waiting === null) output.say(`The sweep waits: ${waits}`);
    waiting = waits;
    const line = progressLine(snapshot);
    const text = line.slice(line.indexOf(":"));
    if (!final && (performance.now() - lineAt < lineMilliseconds || text === lastLine)) return;
    lineAt = performance.now();
    lastLine = text;
    output.say(state.note === null ? line : `${line} (${state.note})`);
  };

  const follow = async (): Promise<void> => {
    for await (const change of changesOf(basinAt(origin), id, until)) if (progress.changed(change)) state.dirty = true;
  };
  const following = follow();
  try {
    for (;;) {
      const age = performance.now() - state.asked;
      if ((state.dirty && age > askMilliseconds) || age > askAnywayMilliseconds) await ask();
      if (signal.aborted) return progress.sweep;
      if (isOver(progress.sweep)) break;
      draw(false);
      await sleep(drawMilliseconds);
    }
    await ask();
    draw(true);
  } finally {
    ending.abort();
    area.end();
    await following;
  }
  return progress.sweep;
}
