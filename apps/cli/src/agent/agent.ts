import { SweepId, TrainerId, type AttemptKey, type ExperimentDescriptor } from "@basin/contracts";
import { randomBytes } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus, hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { call } from "../api-calls";
import { CommandFailed, exitCodes } from "../exit";
import { Output } from "../output";
import { apiOrigin } from "../settings";
import { HeldRun, type Grant } from "./held-run";
import { gitState, RunningCommand } from "./run-command";
import { WorkSession } from "./work-session";

export interface AgentFlags {
  slots?: number;
  timeout?: number;
  gpus?: string;
  runs?: number;
  json?: boolean;
}

interface Slot {
  held: HeldRun;
  command: RunningCommand;
  folder: string;
  checkpointed: { at: number; modified: number };
  reported: boolean;
}

interface Counts {
  committed: number;
  /** Of the committed ones. */
  failed: number;
  handedBack: number;
  /** By a rule of their sweep, or superseded by another attempt. */
  stopped: number;
}

/** What is measured leaves at most this often. */
const turnMilliseconds = 250;
const idleWaitSeconds = 2;

/** Trains a sweep's runs by a command, until the sweep has ended. */
export async function agent(sweepText: string, command: readonly string[], flags: AgentFlags): Promise<void> {
  const output = new Output(flags.json ?? false);
  const origin = apiOrigin();
  const parsed = SweepId.safeParse(sweepText);
  if (!parsed.success)
    throw new CommandFailed(exitCodes.badInput, `${sweepText} is no sweep: ${parsed.error.issues[0]?.message ?? ""}`);
  if (command.length === 0)
    throw new CommandFailed(exitCodes.badInput, "no command to train with", [
      `write it behind --: basin agent ${sweepText} -- ./train.sh`,
    ]);
  const sweep = await call(origin, "getSweep", { params: { sweep: parsed.data } });
  const experiment = await call(origin, "getExperiment", { params: { experiment: sweep.spec.experiment } });
  if (experiment.ref === undefined)
    throw new CommandFailed(exitCodes.badInput, `${sweep.id} runs ${sweep.spec.experiment}, which Basin's own trainers train`, [
      "an agent trains experiments that were registered with basin experiment add",
    ]);
  const agent = new Agent(origin, sweep.id, experiment, command, flags, (line) => output.people.write(`${line}\n`));
  const counts = await agent.work(sweep.spec.pool);
  const { committed, handedBack, stopped } = counts;
  output.result({ sweep: sweep.id, ...counts }, () => [
    `${committed} runs committed, ${handedBack} handed back, ${stopped} stopped early or given to others`,
  ]);
}

class Agent {
  readonly #slots = new Map<number, Slot>();
  readonly #gpus: string[] | null;
  readonly #count: number;
  #draining = false;
  #claimed = 0;
  #counts: Counts = { committed: 0, failed: 0, handedBack: 0, stopped: 0 };

  constructor(
    private readonly origin: string,
    private readonly sweep: SweepId,
    private readonly experiment: ExperimentDescriptor,
    private readonly command: readonly string[],
    private readonly flags: AgentFlags,
    private readonly say: (line: string) => void,
  ) {
    this.#count = flags.slots ?? availableParallelism();
    const gpus = flags.gpus ?? process.env["CUDA_VISIBLE_DEVICES"] ?? "";
    this.#gpus = gpus === "" || gpus === "none" ? null : gpus.split(",");
  }

  async work(pool: string): Promise<Counts> {
    const session = new WorkSession(this.origin, TrainerId.parse(`agent-${randomBytes(8).toString("hex")}`), {
      protocol: 1,
      experiment: this.experiment.ref ?? "",
      pool,
      slots: this.#count,
      name: `agent on ${hostname()}`,
      client: "basin agent",
      pid: process.pid,
      provenance: {
        host: hostname(),
        device: this.#gpus ? `GPU ${this.#gpus.join(",")}` : (cpus()[0]?.model ?? ""),
        commandLine: this.command.join(" ").slice(0, 4000),
        workingDirectory: process.cwd(),
        client: "basin agent",
        ...gitState(process.cwd()),
      },
    });
    const drain = (): void => this.#drain();
    process.on("SIGINT", drain).on("SIGTERM", drain);
    try {
      const { checkpointSeconds, heartbeatSeconds } = await session.register();
      this.say(`${this.#count} ${this.#count === 1 ? "slot" : "slots"}: ${this.command.join(" ")}`);
      let heard = performance.now();
      for (;;) {
        await this.#report(session, checkpointSeconds);
        const free = this.#free();
        const holding = this.#holding();
        if (free > 0) {
          const idle = holding.length === 0;
          const told = await session.claim({ runs: free, waitSeconds: idle ? idleWaitSeconds : 0, sweep: this.sweep, holding });
          heard = performance.now();
          this.#obey(told.stop);
          if (told.drain) this.#drain();
          for (const grant of told.runs) await this.#start(session, grant);
          if (told.runs.length > 0) continue;
          if (idle && (await this.#ended())) return this.#counts;
        } else if (holding.length === 0) return this.#counts;
        if (performance.now() - heard > heartbeatSeconds * 1000) {
          const told = await session.heartbeat({ holding, draining: this.#draining });
          heard = performance.now();
          this.#obey(told.stop);
          if (told.drain) this.#drain();
        }
        await Promise.race([sleep(turnMilliseconds), ...[...this.#slots.values()].map(({ command }) => command.ended)]);
      }
    } finally {
      process.off("SIGINT", drain).off("SIGTERM", drain);
      for (const { command, folder } of this.#slots.values()) {
        command.kill();
        rmSync(folder, { recursive: true, force: true });
      }
    }
  }

  #drain(): void {
    if (!this.#draining) this.say("handing back what is unfinished …");
    this.#draining = true;
    for (const { held, command } of this.#slots.values()) {
      held.action ??= "hand-back";
      command.stop();
    }
  }

  #free(): number {
    if (this.#draining) return 0;
    return Math.min(this.#count - this.#slots.size, (this.flags.runs ?? Infinity) - this.#claimed);
  }

  #holding(): AttemptKey[] {
    return [...this.#slots.values()].map(({ held }) => held.key);
  }

  async #ended(): Promise<boolean> {
    const { state } = await call(this.origin, "getSweep", { params: { sweep: this.sweep } });
    return state === "completed" || state === "cancelled";
  }

  async #start(session: WorkSession, grant: Grant): Promise<void> {
    const slot = Array.from({ length: this.#count }, (_, i) => i).find((i) => !this.#slots.has(i)) ?? 0;
    const folder = mkdtempSync(join(tmpdir(), "basin-run-"));
    const held = new HeldRun(grant, this.experiment);
    if (grant.checkpoint)
      writeFileSync(join(folder, "checkpoint"), held.takeUp(await session.download(grant.checkpoint.artifact)));
    const command = new RunningCommand(grant, {
      command: this.command,
      slot,
      folder,
      gpu: this.#gpus ? (this.#gpus[slot % this.#gpus.length] ?? null) : null,
      timeoutSeconds: this.flags.timeout ?? null,
      onLine: (line) => held.lines.take(line),
      onLog: (text) => held.write(text),
    });
    void command.ended.then((end) => (held.end = end));
    this.#claimed += 1;
    this.#slots.set(slot, {
      held,
      command,
      folder,
      checkpointed: { at: performance.now(), modified: Date.now() },
      reported: false,
    });
    this.say(`${grant.run} attempt ${grant.attempt} seed ${grant.seed} ${JSON.stringify(grant.parameters)}`);
  }

  #obey(stops: readonly (AttemptKey & { action: "cancel" | "hand-back" | "superseded"; reason: string })[]): void {
    for (const { run, attempt, action, reason } of stops)
      for (const { held, command } of this.#slots.values()) {
        if (held.key.run !== run || held.key.attempt !== attempt || held.action !== null) continue;
        this.say(`${run}: ${reason}`);
        held.action = action;
        if (action === "superseded") command.kill();
        else command.stop();
      }
  }

  /** Sends what was measured, checkpoints and results. */
  async #report(session: WorkSession, checkpointSeconds: number): Promise<void> {
    const chunks = [...this.#slots.values()].flatMap(({ held }) => (held.action === "superseded" ? [] : held.newChunks()));
    for (const slot of this.#slots.values()) {
      if (slot.held.lines.fault && !slot.held.end) slot.command.stop();
      await this.#checkpoint(session, slot, checkpointSeconds);
    }
    const ended = [...this.#slots.entries()].filter(([, { held }]) => held.end !== null);
    if (chunks.length > 0) {
      const { stop, drain } = await session.report({ chunks });
      this.#obey(stop);
      if (drain) this.#drain();
    }
    for (const [number, slot] of ended) {
      if (slot.held.action === "superseded") this.#counts.stopped += 1;
      else await this.#finish(session, slot);
      rmSync(slot.folder, { recursive: true, force: true });
      this.#slots.delete(number);
    }
  }

  async #finish(session: WorkSession, { held }: Slot): Promise<void> {
    const outcome = held.outcome();
    const log = Buffer.from(held.log);
    await session.upload(held.key, { name: "log.txt", kind: "log", mediaType: "text/plain; charset=utf-8" }, log);
    const rest = held.newChunks();
    if ("release" in outcome) {
      await session.report({ chunks: rest, releases: [outcome.release] });
      this.#counts.handedBack += 1;
      return;
    }
    const { result } = held.outcome() as Extract<typeof outcome, { result: unknown }>;
    for (let chunks = rest; ;) {
      const { statuses } = await session.report({ chunks, results: [result] });
      const [status] = statuses;
      if (!status || status.status === "superseded") {
        this.say(`${held.key.run}: ${status?.reason ?? "not taken"}`);
        this.#counts.stopped += 1;
        return;
      }
      if (status.status === "committed") break;
      chunks = held.missing(status.missing);
    }
    this.#counts.committed += 1;
    if (result.outcome === "failed") this.#counts.failed += 1;
    this.say(
      `${held.key.run} ${result.outcome === "succeeded" ? "finished" : result.outcome}${result.reason ? `: ${result.reason.split("\n")[0]}` : ""}`,
    );
  }

  /** What the command wrote into its file of the checkpoint, when that is newer than the last and old enough to be whole. */
  async #checkpoint(session: WorkSession, slot: Slot, checkpointSeconds: number): Promise<void> {
    const file = join(slot.folder, "checkpoint");
    const { held, checkpointed } = slot;
    if (!existsSync(file) || held.action === "superseded") return;
    const modified = statSync(file).mtimeMs;
    const leaving = held.end !== null && held.action === "hand-back";
    const due = performance.now() - checkpointed.at > checkpointSeconds * 1000 && Date.now() - modified > 500;
    if (modified <= checkpointed.modified || !(due || leaving)) return;
    slot.checkpointed = { at: performance.now(), modified };
    const { content, step } = held.checkpoint(readFileSync(file));
    await session.upload(held.key, { name: "checkpoint.bin", kind: "checkpoint", step }, content);
  }
}
