import type { GrantV1 } from "@basin/contracts";
import pLimit from "p-limit";
import { reasonOf } from "../control/control-plane";
import type { SessionContext } from "./session-context";

const downloadsAtOnce = 4;

/** What each granted run goes on from, in the order of the grants; null: it starts afresh. Never rejects. */
export async function fetchCheckpoints(
  { transfer, log, signal }: Pick<SessionContext, "transfer" | "log" | "signal">,
  grants: readonly GrantV1[],
): Promise<(Uint8Array | null)[]> {
  const limit = pLimit(downloadsAtOnce);
  return Promise.all(
    grants.map(async ({ run, checkpoint }) => {
      if (!checkpoint) return null;
      return limit(async () => {
        try {
          return await transfer.download(checkpoint, { signal });
        } catch (error) {
          if (!signal.aborted) log.warn({ run, reason: reasonOf(error) }, "the checkpoint cannot be used, the run starts afresh");
          return null;
        }
      });
    }),
  );
}
