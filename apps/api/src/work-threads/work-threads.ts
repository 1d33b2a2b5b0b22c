import { messageOf } from "@basin/contracts";
import { Inject, Injectable, type BeforeApplicationShutdown } from "@nestjs/common";
import { Worker } from "node:worker_threads";
import { BusyError, InputError } from "../http/request-errors";
import type { Log } from "../platform/log";
import { LOG, WORK_THREAD } from "../platform/injection-keys";
import type { TaskReply, TaskRequest } from "./protocol";
import type { TaskName, Tasks } from "./tasks";

/** A task that takes longer is ended with its thread. */
const mostSeconds: Record<TaskName, number> = { readDataset: 300, checkData: 20 };
/** Tasks that wait for the one before; more are answered "try again". */
const mostWaiting = 100;
/** JavaScript objects of one thread; columns and arrays of numbers lie outside and have limits of their own. */
const heapMegabytes = 1024;

/** A task that was ended because it took too long, or took its thread with it. */
export class TaskLostError extends Error {
  override readonly name = "TaskLostError";
}

interface Waiting {
  request: TaskRequest;
  transfer: ArrayBuffer[];
  resolve: (output: unknown) => void;
  reject: (error: unknown) => void;
}

/**
 * Does what would hold the event loop for long, such as reading an uploaded file, in threads: one for each kind of task, started when it is first
 * needed and replaced when it ends. Tasks of a kind run one after another.
 */
@Injectable()
export class WorkThreads implements BeforeApplicationShutdown {
  readonly #lanes = new Map<TaskName, Lane>();

  constructor(
    @Inject(WORK_THREAD) private readonly script: () => Promise<URL>,
    @Inject(LOG) private readonly log: Log,
  ) {}

  /** Rejects with InputError where the task does, with TaskLostError when it did not end, with BusyError when too many wait. */
  run<N extends TaskName>(task: N, input: Tasks[N]["input"], transfer: ArrayBuffer[] = []): Promise<Tasks[N]["output"]> {
    let lane = this.#lanes.get(task);
    if (!lane) this.#lanes.set(task, (lane = new Lane(task, this.script, this.log)));
    return lane.run({ task, input }, transfer) as Promise<Tasks[N]["output"]>;
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all([...this.#lanes.values()].map((lane) => lane.close()));
  }
}

/** One thread and what waits for it. */
class Lane {
  readonly #waiting: Waiting[] = [];
  #current: Waiting | null = null;
  #worker: Promise<Worker> | null = null;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(
    private readonly task: TaskName,
    private readonly script: () => Promise<URL>,
    private readonly log: Log,
  ) {}

  run(request: TaskRequest, transfer: ArrayBuffer[]): Promise<unknown> {
    if (this.#closed) return Promise.reject(new BusyError("the API is stopping; try again in a few seconds"));
    if (this.#waiting.length >= mostWaiting)
      return Promise.reject(new BusyError(`${mostWaiting} requests of this kind wait already; try again in a few seconds`));
    return new Promise((resolve, reject) => {
      this.#waiting.push({ request, transfer, resolve, reject });
      void this.#next();
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    const worker = await this.#worker?.catch(() => null);
    await worker?.terminate();
  }

  async #next(): Promise<void> {
    if (this.#current) return;
    const next = this.#waiting.shift();
    if (!next) return;
    this.#current = next;
    try {
      this.#worker ??= this.#start();
      const worker = await this.#worker;
      this.#timer = setTimeout(() => {
        this.#lost(worker, `it took longer than ${mostSeconds[this.task]} s`);
        void worker.terminate();
      }, mostSeconds[this.task] * 1000);
      worker.postMessage(next.request, next.transfer);
    } catch (error) {
      this.#worker = null;
      this.#end((task) => task.reject(error));
    }
  }

  async #start(): Promise<Worker> {
    const worker = new Worker(await this.script(), {
      name: this.task,
      resourceLimits: { maxOldGenerationSizeMb: heapMegabytes },
    });
    let reason = "its thread ended";
    worker.on("message", (reply: TaskReply) => this.#end((task) => settle(task, reply)));
    worker.on("error", (error: unknown) => (reason = messageOf(error)));
    worker.on("exit", () => this.#lost(worker, reason));
    // An idle thread keeps no process alive.
    worker.unref();
    await new Promise<void>((resolve, reject) => {
      worker.once("online", resolve);
      worker.once("error", reject);
    });
    return worker;
  }

  /** The thread is gone, or about to be: its task fails and the next one gets a new thread. */
  #lost(worker: Worker, reason: string): void {
    void this.#worker?.then(
      (current) => {
        if (current !== worker) return;
        this.#worker = null;
        if (this.#closed) return;
        this.log.warn({ task: this.task, reason }, "a work thread ended; the next task gets a new one");
        this.#end((task) => task.reject(new TaskLostError(`${this.task} could not be done: ${reason}`)));
      },
      () => undefined,
    );
  }

  #end(finish: (task: Waiting) => void): void {
    clearTimeout(this.#timer);
    const task = this.#current;
    this.#current = null;
    if (task) finish(task);
    void this.#next();
  }
}

function settle(task: Waiting, reply: TaskReply): void {
  if ("output" in reply) {
    task.resolve(reply.output);
    return;
  }
  const { name, message, stack, issues } = reply.error;
  if (issues) {
    task.reject(new InputError(issues));
    return;
  }
  const error = new Error(message);
  task.reject(Object.assign(error, { name, stack }));
}
