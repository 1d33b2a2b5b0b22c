import { Controller, Inject } from "@nestjs/common";
import { HttpRoute, type RouteInput, type RouteOutput } from "../http/route-binding";
import { adviseRequest } from "./read-request";
import { SweepsService } from "./sweeps.service";

@Controller()
export class SweepsController {
  constructor(@Inject(SweepsService) private readonly sweeps: SweepsService) {}

  @HttpRoute("listSweeps")
  listSweeps({ query }: RouteInput<"listSweeps">): Promise<RouteOutput<"listSweeps">> {
    const { state, experiment, tag, owner, search, sort, cursor, limit } = query;
    return this.sweeps.list({ filter: { states: state, experiment, tag, owner, search }, sort, cursor, limit });
  }

  @HttpRoute("getSweep")
  getSweep({ params }: RouteInput<"getSweep">): Promise<RouteOutput<"getSweep">> {
    return this.sweeps.get(params.sweep, { seeds: true });
  }

  @HttpRoute("previewSweep", { advise: adviseRequest })
  previewSweep({ body }: RouteInput<"previewSweep">): Promise<RouteOutput<"previewSweep">> {
    return this.sweeps.preview(body);
  }

  @HttpRoute("createSweep", { advise: adviseRequest })
  createSweep({ body, asker, keyed }: RouteInput<"createSweep">): Promise<RouteOutput<"createSweep">> {
    return this.sweeps.create(body, asker, keyed);
  }

  @HttpRoute("cloneSweep")
  cloneSweep({ params, body, asker, keyed }: RouteInput<"cloneSweep">): Promise<RouteOutput<"cloneSweep">> {
    return this.sweeps.clone(params.sweep, body.changes, asker, keyed);
  }

  @HttpRoute("patchSweep")
  patchSweep({ params, body }: RouteInput<"patchSweep">): Promise<RouteOutput<"patchSweep">> {
    return this.sweeps.describe(params.sweep, body);
  }

  @HttpRoute("sweepFacets")
  sweepFacets(): Promise<RouteOutput<"sweepFacets">> {
    return this.sweeps.facets();
  }

  @HttpRoute("retryRuns")
  retryRuns({ params, body }: RouteInput<"retryRuns">): Promise<RouteOutput<"retryRuns">> {
    return this.sweeps.bulk(params.sweep, "retryRuns", body.runs);
  }

  @HttpRoute("cancelRuns")
  cancelRuns({ params, body }: RouteInput<"cancelRuns">): Promise<RouteOutput<"cancelRuns">> {
    return this.sweeps.bulk(params.sweep, "cancelRuns", body.runs);
  }

  @HttpRoute("pauseSweep")
  pauseSweep({ params }: RouteInput<"pauseSweep">): Promise<RouteOutput<"pauseSweep">> {
    return this.sweeps.command(params.sweep, "pause");
  }

  @HttpRoute("resumeSweep")
  resumeSweep({ params }: RouteInput<"resumeSweep">): Promise<RouteOutput<"resumeSweep">> {
    return this.sweeps.command(params.sweep, "resume");
  }

  @HttpRoute("cancelSweep")
  cancelSweep({ params }: RouteInput<"cancelSweep">): Promise<RouteOutput<"cancelSweep">> {
    return this.sweeps.command(params.sweep, "cancel");
  }

  @HttpRoute("continueSweep")
  continueSweep({ params, body }: RouteInput<"continueSweep">): Promise<RouteOutput<"continueSweep">> {
    return this.sweeps.continueOn(params.sweep, body.build);
  }

  @HttpRoute("retryFailed")
  retryFailed({ params }: RouteInput<"retryFailed">): Promise<RouteOutput<"retryFailed">> {
    return this.sweeps.command(params.sweep, "retryFailed");
  }

  @HttpRoute("extendSweep")
  extendSweep({ params, body, keyed }: RouteInput<"extendSweep">): Promise<RouteOutput<"extendSweep">> {
    return this.sweeps.extend(params.sweep, body, keyed);
  }
}
