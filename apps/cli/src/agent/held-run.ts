import type { AnswerOf, AttemptKey, CallInput, ExperimentDescriptor } from "@basin/contracts";
import { MetricLines, type Points } from "./metric-lines";
import type { CommandEnd } from "./run-command";

export type Grant = AnswerOf<"claimRuns">["runs"][number];
type Report = NonNullable<CallInput<"reportWork">["body"]>;
type Chunk = NonNullable<Report["chunks"]>[number];
type Result = NonNullable<Report["results"]>[number];
type Release = NonNullable<Report["releases"]>[number];

/** An exit code that hands the run back without a strike, as `sysexits.h` has it: try again later. */
const tryLater = 75;
const logBytes = 8 * 1024 * 1024;
const magic = Buffer.from("BASINCK1");
const mostReason = 8000;
/** Of a log's end, in a reason. */
const tailLines = 20;

const sendable = (value: number): number | "NaN" | "Infinity" | "-Infinity" =>
  Number.isFinite(value) ? value : Number.isNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";

/** A run that this agent has: what its command measured and wrote, and how it ended. */
export class HeldRun {
  readonly lines: MetricLines;
  readonly key: AttemptKey;
  readonly #chunks: Chunk[] = [];
  readonly #counts = new Map<string, number>();
  readonly #history: Record<string, Points> = {};
  #log: string[] = [];
  #logLength = 0;
  readonly #begun = performance.now();
  action: "cancel" | "hand-back" | "superseded" | null = null;
  end: CommandEnd | null = null;

  constructor(
    readonly grant: Grant,
    experiment: ExperimentDescriptor,
  ) {
    this.lines = new MetricLines(experiment);
    this.key = { run: grant.run, attempt: grant.attempt };
    this.objective = experiment.objective.metric;
  }

  private readonly objective: string;

  write(text: string): void {
    this.#log.push(text);
    this.#logLength += text.length;
    if (this.#logLength < 2 * logBytes) return;
    const kept = this.#log.join("").slice(-logBytes);
    [this.#log, this.#logLength] = [[kept], kept.length];
  }

  get log(): string {
    return this.#log.join("").slice(-logBytes);
  }

  /** Chunks of what was measured since the last call; kept, so that they can be sent again. */
  newChunks(): Chunk[] {
    const made: Chunk[] = [];
    for (const [metric, { steps, values }] of this.lines.takePoints()) {
      const history = (this.#history[metric] ??= { steps: [], values: [] });
      history.steps.push(...steps);
      history.values.push(...values);
      for (let at = 0; at < steps.length; at += 20_000) {
        const chunk = this.#counts.get(metric) ?? 0;
        this.#counts.set(metric, chunk + 1);
        made.push({
          ...this.key,
          metric,
          chunk,
          steps: steps.slice(at, at + 20_000),
          values: values.slice(at, at + 20_000).map(sendable),
        });
      }
    }
    this.#chunks.push(...made);
    return made;
  }

  missing(told: AnswerOf<"reportWork">["statuses"][number]["missing"]): Chunk[] {
    return this.#chunks.filter(({ metric, chunk }) => told.some((one) => one.metric === metric && one.chunks.includes(chunk)));
  }

  /** A checkpoint with what was measured up to it: each attempt is complete in itself. */
  checkpoint(state: Buffer): { content: Buffer; step: number } {
    const step = Math.max(0, this.lines.steps - 1);
    const history = Object.fromEntries(
      Object.entries(this.#history).map(([metric, { steps, values }]) => [metric, [steps, values.map(sendable)]]),
    );
    const head = Buffer.from(JSON.stringify({ step, steps: this.lines.steps, history }));
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(head.length));
    return { content: Buffer.concat([magic, length, head, state]), step };
  }

  /** Takes up a checkpoint; the state that its command wrote. */
  takeUp(content: Buffer): Buffer {
    if (!content.subarray(0, 8).equals(magic)) throw new Error("the checkpoint was written by another client");
    const end = 16 + Number(content.readBigUInt64LE(8));
    const head = JSON.parse(content.subarray(16, end).toString("utf8")) as {
      steps: number;
      history: Record<string, [number[], unknown[]]>;
    };
    const history = Object.fromEntries(
      Object.entries(head.history).map(([metric, [steps, values]]) => [metric, { steps, values: values.map(Number) }]),
    );
    this.lines.restore(history, head.steps);
    return content.subarray(end);
  }

  /** What is to be reported of the ended command: a result, or the run given back. */
  outcome(): { result: Result } | { release: Release } {
    const { end, action, lines } = this;
    const release = (outcome: Release["outcome"], reason: string): { release: Release } => ({
      release: { ...this.key, outcome, reason: reason.slice(-mostReason) },
    });
    if (!end) throw new Error(`${this.key.run} has not ended`);
    if (action === "cancel") return release("cancelled", "it was cancelled");
    if (action === "hand-back" && (end.code !== 0 || end.signal !== null))
      return release("handed-back", "the agent was to hand it back");
    if (end.code === tryLater) return release("handed-back", `exit code ${tryLater}: to be tried later`);
    const metrics = lines.results;
    const value = metrics[this.objective];
    const trouble =
      lines.fault?.message ??
      troubleOf(end) ??
      (value === undefined ? `no ${this.objective}, the objective, was measured` : null);
    const tail = this.log.trimEnd().split("\n").slice(-tailLines).join("\n");
    const diverged = value !== undefined && !Number.isFinite(value);
    const outcome = trouble !== null ? "failed" : diverged ? "diverged" : "succeeded";
    const why = trouble ?? (diverged ? `${this.objective} is ${value} at the end` : null);
    return {
      result: {
        ...this.key,
        outcome,
        metrics: Object.fromEntries(Object.entries(metrics).map(([name, one]) => [name, sendable(one)])),
        labels: lines.labels,
        reason: why === null ? null : (outcome === "failed" && tail !== "" ? `${why}\n\n${tail}` : why).slice(0, mostReason),
        steps: lines.steps,
        trainSeconds: (performance.now() - this.#begun) / 1000,
        chunks: Object.fromEntries(this.#counts),
        artifacts: ["log.txt"],
      },
    };
  }
}

function troubleOf({ code, signal, timedOut }: CommandEnd): string | null {
  if (timedOut) return "it ran past its time limit";
  if (signal !== null) return `it was ended by ${signal}`;
  if (code === 127) return "the command could not be started (exit code 127)";
  return code === 0 ? null : `it ended with exit code ${code}`;
}
