import type { CreatePackProgram } from "@basin/engine";
import { receiveMessageOnPort, type MessagePort } from "node:worker_threads";
import { PackTraining } from "./pack-training";
import type { FromWorker, ToWorker, WorkerData } from "./protocol";

export interface PackServer {
  /** Loads what training needs; called once, before the first pack. */
  open(): Promise<CreatePackProgram>;
  /** Memory that the thread's tensors needed at most; null where it is not known. */
  memoryBytes(): number | null;
}

/** The life of a worker thread: one pack at a time, until the thread is terminated. An error outside a pack ends the thread. */
export function servePacks(port: MessagePort, data: WorkerData, server: PackServer): void {
  let opening: Promise<CreatePackProgram> | null = null;
  const open = (): Promise<CreatePackProgram> => (opening ??= server.open());
  const post = (message: FromWorker, transfer: ArrayBuffer[] = []): void => port.postMessage(message, transfer);
  /** Messages that reached the event loop while a pack was training. */
  let arrived: ToWorker[] = [];
  let training = false;

  const takeMessages = (): ToWorker[] => {
    const messages = arrived;
    arrived = [];
    for (;;) {
      const next = receiveMessageOnPort(port) as { message: ToWorker } | undefined;
      if (!next) return messages;
      messages.push(next.message);
    }
  };

  const train = async (message: Extract<ToWorker, { type: "start" }>): Promise<void> => {
    const createProgram: CreatePackProgram = async (...input) => (await open())(...input);
    const { backlog, build } = data;
    const memoryBytes = (): number | null => server.memoryBytes();
    await new PackTraining(message, { createProgram, post, takeMessages, backlog, build, memoryBytes }).train();
  };

  port.on("message", (message: ToWorker) => {
    if (training) {
      arrived.push(message);
    } else if (message.type === "open-backend") {
      void open();
    } else if (message.type === "start") {
      training = true;
      void train(message).then(() => {
        training = false;
        arrived = [];
        post({ type: "idle" });
      });
    }
  });
}
