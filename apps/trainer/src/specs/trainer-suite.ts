import { freshNats, type FreshNats } from "@basin/testing";
import { afterAll, beforeAll, beforeEach, onTestFinished } from "vitest";
import { ControlPlanePeer, type PeerOptions } from "./control-plane-peer";
import { bundleTrainer, type Bundle } from "./trainer-process";

/** What the tests of a file have in common: one bundle of the trainer, and for each test a NATS of its own. */
export interface TrainerSuite {
  readonly bundle: Bundle;
  readonly nats: FreshNats;
  /** A control plane that is stopped after the test. */
  startPeer(options?: PeerOptions, build?: Bundle["build"]): Promise<ControlPlanePeer>;
}

/** Registers the hooks of a file; call once, outside its tests. */
export function trainerSuite(): TrainerSuite {
  const suite = {} as { bundle: Bundle; nats: FreshNats };
  beforeAll(async () => {
    suite.bundle = await bundleTrainer();
  });
  afterAll(() => suite.bundle.remove());
  beforeEach(async () => {
    suite.nats = await freshNats();
  });
  return Object.assign(suite, {
    async startPeer(options: PeerOptions = {}, build = suite.bundle.build): Promise<ControlPlanePeer> {
      const peer = await ControlPlanePeer.start(suite.nats.url, build, options);
      onTestFinished(() => peer.stop());
      return peer;
    },
  });
}
