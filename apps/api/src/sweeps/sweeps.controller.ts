import type { AnswerOf } from "@basin/contracts";
import { Controller, Inject } from "@nestjs/common";
import { HttpRoute, type RouteInput } from "../http/route-binding";
import { adviseRequest } from "./read-request";
import { SweepsService } from "./sweeps.service";

@Controller()
export class SweepsController {
  constructor(@Inject(SweepsService) private readonly sweeps: SweepsService) {}

  @HttpRoute("listSweeps")
  listSweeps({ query, asker }: RouteInput<"listSweeps">): Promise<AnswerOf<"listSweeps">> {
    return this.sweeps.list(query, asker);
  }

  @HttpRoute("getSweep")
  getSweep({ params }: RouteInput<"getSweep">): Promise<AnswerOf<"getSweep">> {
    return this.sweeps.get(params.sweep, { seeds: true });
  }

  @HttpRoute("previewSweep", { advise: adviseRequest })
  previewSweep({ body, asker }: RouteInput<"previewSweep">): Promise<AnswerOf<"previewSweep">> {
    return this.sweeps.preview(body, asker);
  }

  @HttpRoute("createSweep", { advise: adviseRequest })
  createSweep({ body, asker, keyed }: RouteInput<"createSweep">): Promise<AnswerOf<"createSweep">> {
    return this.sweeps.create(body, asker, keyed);
  }

  @HttpRoute("cloneSweep")
  cloneSweep({ params, body, asker, keyed }: RouteInput<"cloneSweep">): Promise<AnswerOf<"cloneSweep">> {
    return this.sweeps.clone(params.sweep, body.changes, asker, keyed);
  }

  @HttpRoute("patchSweep")
  patchSweep({ params, body }: RouteInput<"patchSweep">): Promise<AnswerOf<"patchSweep">> {
    return this.sweeps.describe(params.sweep, body);
  }

  @HttpRoute("sweepFacets")
  sweepFacets({ asker }: RouteInput<"sweepFacets">): Promise<AnswerOf<"sweepFacets">> {
    return this.sweeps.facets(asker);
  }

  @HttpRoute("retryRuns")
  retryRuns({ params, body }: RouteInput<"retryRuns">): Promise<AnswerOf<"retryRuns">> {
    return this.sweeps.bulk(params.sweep, "retryRuns", body);
  }

  @HttpRoute("cancelRuns")
  cancelRuns({ params, body }: RouteInput<"cancelRuns">): Promise<AnswerOf<"cancelRuns">> {
    return this.sweeps.bulk(params.sweep, "cancelRuns", body);
  }

  @HttpRoute("pauseSweep")
  pauseSweep({ params }: RouteInput<"pauseSweep">): Promise<AnswerOf<"pauseSweep">> {
    return this.sweeps.command(params.sweep, "pause");
  }

  @HttpRoute("resumeSweep")
  resumeSweep({ params }: RouteInput<"resumeSweep">): Promise<AnswerOf<"resumeSweep">> {
    return this.sweeps.command(params.sweep, "resume");
  }

  @HttpRoute("cancelSweep")
  cancelSweep({ params }: RouteInput<"cancelSweep">): Promise<AnswerOf<"cancelSweep">> {
    return this.sweeps.command(params.sweep, "cancel");
  }

  @HttpRoute("continueSweep")
  continueSweep({ params, body }: RouteInput<"continueSweep">): Promise<AnswerOf<"continueSweep">> {
    return this.sweeps.continueOn(params.sweep, body.build);
  }

  @HttpRoute("archiveSweep")
  archiveSweep({ params }: RouteInput<"archiveSweep">): Promise<AnswerOf<"archiveSweep">> {
    return this.sweeps.archive(params.sweep, true);
  }

  @HttpRoute("unarchiveSweep")
  unarchiveSweep({ params }: RouteInput<"unarchiveSweep">): Promise<AnswerOf<"unarchiveSweep">> {
    return this.sweeps.archive(params.sweep, false);
  }

  @HttpRoute("deleteSweep")
  deleteSweep({ params }: RouteInput<"deleteSweep">): Promise<AnswerOf<"deleteSweep">> {
    return this.sweeps.command(params.sweep, "remove");
  }

  @HttpRoute("restoreSweep")
  restoreSweep({ params }: RouteInput<"restoreSweep">): Promise<AnswerOf<"restoreSweep">> {
    return this.sweeps.command(params.sweep, "restore");
  }

  @HttpRoute("retryFailed")
  retryFailed({ params }: RouteInput<"retryFailed">): Promise<AnswerOf<"retryFailed">> {
    return this.sweeps.command(params.sweep, "retryFailed");
  }

  @HttpRoute("extendSweep")
  extendSweep({ params, body, keyed }: RouteInput<"extendSweep">): Promise<AnswerOf<"extendSweep">> {
    return this.sweeps.extend(params.sweep, body, keyed);
  }
}
