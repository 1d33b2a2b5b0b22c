import type { AnswerOf } from "@basin/contracts";
import { Controller, Inject } from "@nestjs/common";
import { HttpRoute, type RouteInput } from "../http/route-binding";
import { CatalogService } from "./catalog.service";

@Controller()
export class CatalogController {
  constructor(@Inject(CatalogService) private readonly catalog: CatalogService) {}

  @HttpRoute("getCatalog")
  getCatalog({ query }: RouteInput<"getCatalog">): Promise<AnswerOf<"getCatalog">> {
    return Promise.resolve(this.catalog.catalog(query));
  }

  @HttpRoute("getExperiment")
  getExperiment({ params }: RouteInput<"getExperiment">): Promise<AnswerOf<"getExperiment">> {
    return this.catalog.experiment(params.experiment);
  }
}
