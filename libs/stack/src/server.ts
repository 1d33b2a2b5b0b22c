import type { SupervisedProcess } from "./supervised-process";

/** A running server of the stack. */
export interface Server {
  url: string;
  port: number;
  process: SupervisedProcess;
  stop(): Promise<void>;
}
