import { Worker } from "node:worker_threads";
import type { Logger } from "pino";
import { otherBuildExitCode, type FromWorker, type StartPack, type ToWorker, type WorkerData } from "./protocol";

export interface PackListener {
  onMessage(message: Exclude<FromWorker, { type: "idle" }>): void;
  /** The thread ended in the middle of the pack; nothing more comes. `memory`: because JavaScript's own memory was full. */
  onDeath(reason: string, fault: "memory" | "trap"): void;
}

export interface RunningPack {
  post(message: ToWorker): void;
  /** Resolves when the worker is free again, or dead. */
  ended: Promise<void>;
}

interface Thread {
  worker: Worker;
  listener: PackListener | null;
  end: () => void;
}

/** Worker threads: started when they are first needed, kept afterwards, replaced when they die or say that they are spent. */
export class WorkerPool {
  readonly #idle: Thread[] = [];
  readonly #threads = new Set<Thread>();
  #closed = false;

  constructor(
    private readonly script: URL,
    private readonly data: WorkerData,
    private readonly log: Logger,
    /** A new thread is of another build than this process: nothing more can be trained until it is started again. */
    private readonly onOtherBuild: () => void,
  ) {}

  get busy(): number {
    return this.#threads.size - this.#idle.length;
  }

  get size(): number {
    return this.#threads.size;
  }

  /** Starts a thread and its backend ahead of the first pack. */
  prewarm(): void {
    if (this.#closed || this.#threads.size > 0) return;
    const thread = this.#spawn();
    thread.worker.postMessage({ type: "open-backend" } satisfies ToWorker);
    this.#idle.push(thread);
  }

  /** Trains a pack. The caller limits how many at once. */
  run(pack: StartPack, listener: PackListener): RunningPack {
    const thread = this.#idle.pop() ?? this.#spawn();
    const ended = new Promise<void>((resolve) => (thread.end = resolve));
    thread.listener = listener;
    thread.worker.postMessage(pack);
    return {
      ended,
      post: (message) => {
        if (thread.listener === listener) thread.worker.postMessage(message);
      },
    };
  }

  /** Ends every thread at once, whatever it does. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#threads].map((thread) => thread.worker.terminate()));
  }

  #retire(thread: Thread): void {
    this.#threads.delete(thread);
    this.log.info({}, "a worker thread is replaced: its pack failed in the middle of a kernel, or left it too little memory");
    void thread.worker.terminate();
  }

  #spawn(): Thread {
    const worker = new Worker(this.script, { workerData: this.data, name: "pack-worker" });
    const thread: Thread = { worker, listener: null, end: () => undefined };
    let reason: string | null = null;
    let fault: "memory" | "trap" = "trap";
    worker.on("message", (message: FromWorker) => {
      if (message.type !== "idle") {
        thread.listener?.onMessage(message);
        return;
      }
      thread.listener = null;
      if (message.spent) this.#retire(thread);
      else this.#idle.push(thread);
      thread.end();
    });
    worker.on("error", (error: unknown) => {
      if (error instanceof Error && "code" in error && error.code === "ERR_WORKER_OUT_OF_MEMORY") fault = "memory";
      reason =
        error instanceof Error ? `${error.message}\n${error.stack?.split("\n").slice(1, 9).join("\n") ?? ""}` : String(error);
    });
    worker.on("exit", (code) => {
      if (!this.#threads.delete(thread)) return;
      const at = this.#idle.indexOf(thread);
      if (at >= 0) this.#idle.splice(at, 1);
      if (!this.#closed) this.log.error({ code, reason }, "a worker thread ended; the next pack gets a new one");
      const { listener } = thread;
      thread.listener = null;
      const text = `the worker thread ended with code ${code}${reason === null ? "" : `: ${reason}`}`;
      if (code === otherBuildExitCode) this.onOtherBuild();
      else if (!this.#closed) listener?.onDeath(text, fault);
      thread.end();
    });
    this.#threads.add(thread);
    return thread;
  }
}
