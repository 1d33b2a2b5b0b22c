import type { AnswerOf } from "@basin/contracts";
import { Controller, Inject } from "@nestjs/common";
import type { FastifyReply, FastifyRequest } from "fastify";
import { receiveFile } from "../http/receive-file";
import { InputError } from "../http/request-errors";
import { HttpRoute, StreamRoute, type RouteInput } from "../http/route-binding";
import type { Env } from "../platform/env";
import { ENV } from "../platform/injection-keys";
import { WorkService } from "./work.service";

@Controller()
export class WorkController {
  constructor(
    @Inject(WorkService) private readonly work: WorkService,
    @Inject(ENV) private readonly env: Env,
  ) {}

  @HttpRoute("registerWorker")
  registerWorker({ params, body, asker }: RouteInput<"registerWorker">): Promise<AnswerOf<"registerWorker">> {
    return this.work.register(params.worker, body, asker);
  }

  @HttpRoute("workerHeartbeat")
  workerHeartbeat({ params, body }: RouteInput<"workerHeartbeat">): Promise<AnswerOf<"workerHeartbeat">> {
    return this.work.heartbeat(params.worker, body);
  }

  @HttpRoute("claimRuns")
  claimRuns({ params, body, asker }: RouteInput<"claimRuns">): Promise<AnswerOf<"claimRuns">> {
    return this.work.claim(params.worker, body, asker);
  }

  @HttpRoute("reportWork")
  reportWork({ params, body }: RouteInput<"reportWork">): Promise<AnswerOf<"reportWork">> {
    return this.work.report(params.worker, body);
  }

  @StreamRoute("uploadArtifact")
  async uploadArtifact(
    { params, query }: RouteInput<"uploadArtifact">,
    reply: FastifyReply,
    request: FastifyRequest,
  ): Promise<void> {
    const { worker: trainer, run, attempt } = params;
    const { name, kind, mediaType, step = null } = query;
    const limit = { bytes: this.env.artifactMaxBytes, setting: "BASIN_ARTIFACT_MAX_MIB" };
    const file = await receiveFile(request.raw, limit);
    try {
      await reply.send(await this.work.keepArtifact({ trainer, run, attempt, name, kind, mediaType, step }, file));
    } catch (error) {
      if (!(error instanceof Error) || error.name !== "ControlFailure") throw error;
      throw new InputError([{ path: "name", message: error.message }]);
    } finally {
      await file.remove();
    }
  }
}
