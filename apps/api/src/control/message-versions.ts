import { unversionedBuild, type ControlRequest, type HeartbeatRequestV2 } from "@basin/contracts";
import type { Registration } from "@basin/database";

/** Version 1 tells neither a build nor the memory of a slot: such trainers count as one build of their own. */
export function registrationOf(body: ControlRequest<"register">): Registration {
  const { v: _version, ...told } = body;
  return { build: unversionedBuild, slotBytes: null, ...told };
}

/** Version 1 measures nothing. */
export function heartbeatOf(body: ControlRequest<"heartbeat">): Omit<HeartbeatRequestV2, "v"> {
  const { v: _version, ...told } = body;
  return { measured: [], ...told };
}
