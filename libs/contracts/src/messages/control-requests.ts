import { z } from "zod";
import { ArtifactReplyV2, ArtifactRequestV2 } from "./artifact.v2";
import {
  ArtifactReplyV1,
  ArtifactRequestV1,
  ClaimReplyV1,
  ClaimRequestV1,
  CommitReplyV1,
  CommitRequestV1,
  FetchReplyV1,
  FetchRequestV1,
  HeartbeatReplyV1,
  HeartbeatRequestV1,
  RegisterReplyV1,
  RegisterRequestV1,
  ReleaseReplyV1,
  ReleaseRequestV1,
} from "./control.v1";
import { HeartbeatRequestV2, RegisterReplyV2, RegisterRequestV2 } from "./control.v2";
import { DatasetReplyV1, DatasetRequestV1 } from "./dataset.v1";
import { JoinReplyV1, JoinRequestV1 } from "./join.v1";
import { ReleaseRequestV2 } from "./release.v2";

const versions = { error: "must be a version that is understood here: 1 or 2" };

/** Every request with its reply, in all the versions that are understood: one line adds one. */
export const controlRequests = {
  register: {
    request: z.discriminatedUnion("v", [RegisterRequestV1, RegisterRequestV2], versions),
    reply: z.discriminatedUnion("v", [RegisterReplyV1, RegisterReplyV2], versions),
  },
  heartbeat: { request: z.discriminatedUnion("v", [HeartbeatRequestV1, HeartbeatRequestV2], versions), reply: HeartbeatReplyV1 },
  claim: { request: ClaimRequestV1, reply: ClaimReplyV1 },
  commit: { request: CommitRequestV1, reply: CommitReplyV1 },
  release: { request: z.discriminatedUnion("v", [ReleaseRequestV1, ReleaseRequestV2], versions), reply: ReleaseReplyV1 },
  artifact: {
    request: z.discriminatedUnion("v", [ArtifactRequestV1, ArtifactRequestV2], versions),
    reply: z.discriminatedUnion("v", [ArtifactReplyV1, ArtifactReplyV2], versions),
  },
  fetch: { request: FetchRequestV1, reply: FetchReplyV1 },
  dataset: { request: DatasetRequestV1, reply: DatasetReplyV1 },
  join: { request: JoinRequestV1, reply: JoinReplyV1 },
} as const;
export type ControlRequestName = keyof typeof controlRequests;
export type ControlRequest<N extends ControlRequestName> = z.infer<(typeof controlRequests)[N]["request"]>;
export type ControlReply<N extends ControlRequestName> = z.infer<(typeof controlRequests)[N]["reply"]>;
