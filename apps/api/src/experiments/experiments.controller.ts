import type { AnswerOf } from "@basin/contracts";
import { Controller, Inject } from "@nestjs/common";
import type { FastifyReply } from "fastify";
import { HttpRoute, StreamRoute, type RouteInput } from "../http/route-binding";
import { ExperimentVersions } from "./experiment-versions.service";

@Controller()
export class ExperimentsController {
  constructor(@Inject(ExperimentVersions) private readonly versions: ExperimentVersions) {}

  /** 201 for a new version, 200 for one that was there. */
  @StreamRoute("putExperiment")
  async putExperiment({ params, body, asker }: RouteInput<"putExperiment">, reply: FastifyReply): Promise<void> {
    const { created, descriptor } = await this.versions.put(params.experiment, body, asker);
    await reply.status(created ? 201 : 200).send(descriptor);
  }

  @HttpRoute("listExperimentVersions")
  listExperimentVersions({ params, asker }: RouteInput<"listExperimentVersions">): Promise<AnswerOf<"listExperimentVersions">> {
    return this.versions.versions(params.experiment, asker);
  }
}
