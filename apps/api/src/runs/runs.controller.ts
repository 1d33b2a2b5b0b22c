import type { AnswerOf } from "@basin/contracts";
import { Controller, Inject } from "@nestjs/common";
import type { FastifyReply, FastifyRequest } from "fastify";
import { HttpRoute, StreamRoute, type RouteInput } from "../http/route-binding";
import { sendTexts } from "../http/stream-reply";
import { SweepsService } from "../sweeps/sweeps.service";
import { RunsService } from "./runs.service";

@Controller()
export class RunsController {
  constructor(
    @Inject(RunsService) private readonly runs: RunsService,
    @Inject(SweepsService) private readonly sweeps: SweepsService,
  ) {}

  @HttpRoute("listRuns")
  async listRuns({ params, query }: RouteInput<"listRuns">): Promise<AnswerOf<"listRuns">> {
    return this.runs.list(await this.sweeps.get(params.sweep), query);
  }

  @HttpRoute("getRun")
  getRun({ params }: RouteInput<"getRun">): Promise<AnswerOf<"getRun">> {
    return this.runs.detail(params.run);
  }

  @HttpRoute("getRunMetrics")
  getRunMetrics({ params, query }: RouteInput<"getRunMetrics">): Promise<AnswerOf<"getRunMetrics">> {
    return this.runs.series(params.run, query);
  }

  /** Written run by run, so that a thousand long series are never in memory together. */
  @StreamRoute("getSweepSeries")
  async getSweepSeries(
    { params, query }: RouteInput<"getSweepSeries">,
    reply: FastifyReply,
    request: FastifyRequest,
  ): Promise<void> {
    const sweep = await this.sweeps.get(params.sweep);
    const series = this.runs.seriesOfMany(sweep, query);
    const texts = async function* (): AsyncGenerator<string> {
      let separator = `{"sweep":${JSON.stringify(sweep.id)},"metric":${JSON.stringify(query.metric)},"x":${JSON.stringify(query.x)},"runs":[`;
      for await (const run of series) {
        yield separator + JSON.stringify(run);
        separator = ",";
      }
      yield separator === "," ? "]}" : `${separator}]}`;
    };
    reply.type("application/json; charset=utf-8");
    await sendTexts(request, reply, texts());
  }
}
