import { z } from "zod";
import { PackMessageV1 } from "./pack.v1";
import { PackMessageV2 } from "./pack.v2";

/** What waits in a work queue, in every version that is understood. */
export const PackMessage = z.discriminatedUnion("v", [PackMessageV1, PackMessageV2]);
export type PackMessage = z.infer<typeof PackMessage>;
