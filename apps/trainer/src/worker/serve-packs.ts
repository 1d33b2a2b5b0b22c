import { MachineFault, type CreatePackProgram } from "@basin/engine";
import { receiveMessageOnPort, type MessagePort } from "node:worker_threads";
import { textOf } from "./error-text";
import { PackTraining, type TensorHeap } from "./pack-training";
import type { FromWorker, ToWorker, WorkerData } from "./protocol";

export interface PackServer {
  /** Loads what training needs; called once, before the first pack. */
  open(): Promise<CreatePackProgram>;
  heap: TensorHeap;
}

/** A heap that grew beyond this part of a slot leaves the next pack too little: WebAssembly gives no memory back. */
const roomyShare = 0.5;

/** The life of a worker thread: one pack at a time, until the thread is terminated. An error outside a pack ends the thread. */
export function servePacks(port: MessagePort, data: WorkerData, server: PackServer): void {
  let opening: Promise<CreatePackProgram> | null = null;
  const open = (): Promise<CreatePackProgram> =>
    (opening ??= server.open().catch((error: unknown) => {
      throw new MachineFault(`the thread cannot train: ${textOf(error).message}`, { cause: error });
    }));
  const post = (message: FromWorker, transfer: ArrayBuffer[] = []): void => port.postMessage(message, transfer);
  /** Messages that reached the event loop while a pack was training. */
  let arrived: ToWorker[] = [];
  let training = false;

  const takeMessages = (): ToWorker[] => {
    const messages = arrived;
    arrived = [];
    for (;;) {
      const next: { message: ToWorker } | undefined = receiveMessageOnPort(port);
      if (!next) return messages;
      messages.push(next.message);
    }
  };

  /** Whether the thread can train another pack. */
  const train = async (message: Extract<ToWorker, { type: "start" }>): Promise<boolean> => {
    const createProgram: CreatePackProgram = async (...input) => (await open())(...input);
    const { unsentBytes, build } = data;
    const { heap } = server;
    const intact = await new PackTraining(message, { createProgram, post, takeMessages, unsentBytes, build, heap }).train();
    return intact && (heap.bytes() ?? 0) <= roomyShare * heap.slotBytes;
  };

  port.on("message", (message: ToWorker) => {
    if (training) {
      arrived.push(message);
    } else if (message.type === "open-backend") {
      void open();
    } else if (message.type === "start") {
      training = true;
      void train(message).then((usable) => {
        training = false;
        arrived = [];
        post({ type: "idle", spent: !usable });
      });
    }
  });
}
