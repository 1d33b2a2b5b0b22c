import type { GrantV1, RunResultV1 } from "@basin/contracts";
import { setTimeout as sleep } from "node:timers/promises";
import { aChunk, type FakeTrainer } from "./fake-trainer.testing";

/** Takes packs until stopped, and answers each run with what `resultOf` makes of its grant. */
export async function answerPacks(
  trainer: FakeTrainer,
  delayMilliseconds: number,
  resultOf: (grant: GrantV1) => RunResultV1,
): Promise<void> {
  for (;;) {
    const held = await trainer.take(60);
    if (!held) return;
    await sleep(delayMilliseconds);
    for (const grant of held.grants) {
      await trainer.publish([aChunk(grant, 0)]);
      const result = resultOf(grant);
      for (let tries = 0; tries < 500; tries++) {
        const [status] = await trainer.commit([result]);
        if (status?.status !== "incomplete") break;
        await sleep(10);
      }
    }
  }
}
