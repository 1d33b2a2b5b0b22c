import { Controller, Inject } from "@nestjs/common";
import type { FastifyReply, FastifyRequest } from "fastify";
import { HttpRoute, StreamRoute, type RouteInput, type RouteOutput } from "../http/route-binding";
import { sendParts, sendTexts } from "../http/stream-reply";
import { SweepsService } from "../sweeps/sweeps.service";
import { CurvesService } from "./curves.service";
import { ExportService } from "./export.service";
import { packedCurves } from "./packed-curves";
import { ParquetExportService } from "./parquet-export.service";
import { ResultsService } from "./results.service";

const mediaTypes = {
  csv: "text/csv; charset=utf-8; header=present",
  ndjson: "application/x-ndjson; charset=utf-8",
  parquet: "application/vnd.apache.parquet",
};

@Controller()
export class ResultsController {
  constructor(
    @Inject(SweepsService) private readonly sweeps: SweepsService,
    @Inject(ResultsService) private readonly results: ResultsService,
    @Inject(CurvesService) private readonly curves: CurvesService,
    @Inject(ExportService) private readonly exports: ExportService,
    @Inject(ParquetExportService) private readonly parquet: ParquetExportService,
  ) {}

  @HttpRoute("getResults")
  async getResults({ params, query }: RouteInput<"getResults">): Promise<RouteOutput<"getResults">> {
    return this.results.results(await this.sweeps.get(params.sweep), query);
  }

  @HttpRoute("getCurves")
  async getCurves({ params, query }: RouteInput<"getCurves">): Promise<RouteOutput<"getCurves">> {
    return this.curves.curves(await this.sweeps.get(params.sweep), query);
  }

  @HttpRoute("getPackedCurves")
  async getPackedCurves({ params, query }: RouteInput<"getPackedCurves">): Promise<RouteOutput<"getPackedCurves">> {
    return packedCurves(await this.curves.curves(await this.sweeps.get(params.sweep), query), query.centre, query.x);
  }

  @StreamRoute("exportSweep")
  async exportSweep({ params, query }: RouteInput<"exportSweep">, reply: FastifyReply, request: FastifyRequest): Promise<void> {
    const sweep = await this.sweeps.get(params.sweep);
    const fileName = `basin-${sweep.id}-${query.what}.${query.format}`;
    reply.headers({ "content-type": mediaTypes[query.format], "content-disposition": `attachment; filename="${fileName}"` });
    if (query.format === "parquet") await sendParts(request, reply, this.parquet.parts(sweep, query.what));
    else await sendTexts(request, reply, this.exports.texts(sweep, query.what, query.format));
  }
}
