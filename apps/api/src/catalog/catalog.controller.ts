import type { AnswerOf } from "@basin/contracts";
import { Controller, Inject } from "@nestjs/common";
import { HttpRoute, type RouteInput } from "../http/route-binding";
import { CatalogService } from "./catalog.service";

@Controller()
export class CatalogController {
  constructor(@Inject(CatalogService) private readonly catalog: CatalogService) {}

  @HttpRoute("getCatalog")
  getCatalog({ query, asker }: RouteInput<"getCatalog">): Promise<AnswerOf<"getCatalog">> {
    return Promise.resolve(this.catalog.catalog(query, asker));
  }

  @HttpRoute("getExperiment")
  getExperiment({ params, asker }: RouteInput<"getExperiment">): Promise<AnswerOf<"getExperiment">> {
    return this.catalog.experiment(params.experiment, asker);
  }
}
