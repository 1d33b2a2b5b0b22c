import { unversionedBuild, type ControlRequest, type HeartbeatRequestV2, type ReleaseRequestV2 } from "@basin/contracts";
import type { Registration } from "@basin/database";

/** Version 1 tells neither a build nor the memory of a slot: such trainers count as one build of their own. */
export function registrationOf(body: ControlRequest<"register">): Registration {
  const { v: _version, ...told } = body;
  const { host, device } = told;
  return { build: unversionedBuild, slotBytes: null, ...told, provenance: { host, device, client: `trainer ${told.version}` } };
}

/** Version 1 measures nothing, and never says why it waits. */
export function heartbeatOf(body: ControlRequest<"heartbeat">): Omit<HeartbeatRequestV2, "v"> {
  const { v: _version, ...told } = body;
  return { measured: [], ...told };
}

/** Version 1 bounds no width, and its failures may be tried again. */
export function releasesOf(body: ControlRequest<"release">): ReleaseRequestV2["attempts"] {
  if (body.v === 2) return body.attempts;
  return body.attempts.map(({ outcome, ...attempt }) => {
    switch (outcome) {
      case "handed-back":
        return { ...attempt, outcome, maxWidth: null };
      case "cancelled":
        return { ...attempt, outcome };
      case "failed":
        return { ...attempt, outcome, final: false };
    }
  });
}
