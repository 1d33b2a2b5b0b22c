import { messageOf } from "@basin/contracts";
import { BinRepository, LeadershipLostError } from "@basin/database";
import { Inject, Injectable } from "@nestjs/common";
import { LeaderElection, type LeaderDuty, type Term } from "../platform/leader-election";
import { LOG } from "../platform/injection-keys";
import type { Log } from "../platform/log";
import { Wakeup } from "../platform/wakeup";

const everyMilliseconds = 5000;
/** Between two pieces, so that a large removal leaves the database to those who train. */
const atLeastMilliseconds = 20;

/** Removes for good what has been in the bin for its time, piece by piece. The leader's. */
@Injectable()
export class Removal implements LeaderDuty {
  readonly #wakeup = new Wakeup();

  constructor(
    @Inject(BinRepository) private readonly bin: BinRepository,
    @Inject(LOG) private readonly log: Log,
    @Inject(LeaderElection) election: LeaderElection,
  ) {
    election.addDuty(this);
  }

  lead({ epoch, signal }: Term): Promise<void> {
    return this.#wakeup.run(signal, { everyMilliseconds, atLeastMilliseconds }, async () => {
      try {
        const removed = await this.bin.removePiece(epoch);
        if (removed !== null && removed !== "done")
          this.log.info({ sweep: removed }, "removed a sweep from the bin, with its runs and artifacts");
        return removed !== "done";
      } catch (error) {
        if (error instanceof LeadershipLostError) throw error;
        if (!signal.aborted) this.log.warn({ reason: messageOf(error) }, "a removal failed; trying again");
        return false;
      }
    });
  }
}
