import { unversionedBuild, type BuildId, type ControlReply, type RegisterRequestV2 } from "@basin/contracts";
import { ControlRefusedError } from "@basin/messaging";
import type { Logger } from "pino";
import type { AskOptions, ControlPlane } from "./control-plane";

/** How the control plane and this trainer go on with each other. */
export interface Terms extends Pick<ControlReply<"register">, "heartbeatSeconds" | "leaseSeconds" | "checkpointSeconds"> {
  /** Of the messages that the control plane understands. */
  version: 1 | 2;
  /** Which work queue of the pool is this trainer's: of its build, or of those that cannot tell theirs. */
  queue: BuildId;
}

/**
 * Registers in the newest version that the control plane understands. To one that knows version 1 only this trainer is one without
 * a build: it trains whatever it is given there. Rejects as `ask` does.
 */
export async function register(
  control: ControlPlane,
  told: Omit<RegisterRequestV2, "v">,
  log: Logger,
  options: AskOptions,
): Promise<Terms> {
  const { build, slotBytes: _slotBytes, ...first } = told;
  try {
    const reply = await control.ask("register", { v: 2, ...told }, options);
    if (reply.v === 2 && reply.build !== null && !build.startsWith(reply.build)) {
      const text = `this trainer is of build ${build}, the control plane of ${reply.build}: it trains sweeps that are given to its own build`;
      log.warn({ build, controlPlane: reply.build }, text);
    }
    return { ...reply, version: 2, queue: build };
  } catch (error) {
    if (!(error instanceof ControlRefusedError) || error.code !== "bad-request") throw error;
    const reply = await control.ask("register", { v: 1, ...first }, options);
    log.warn(
      { reason: error.message },
      "the control plane is older than this trainer: it does not understand version 2 of register, so this trainer speaks version 1 and " +
        "its build is not known there; runs of one sweep may be trained by different builds",
    );
    return { ...reply, version: 1, queue: unversionedBuild };
  }
}
