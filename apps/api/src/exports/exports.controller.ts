import { Controller, Inject } from "@nestjs/common";
import type { FastifyReply, FastifyRequest } from "fastify";
import { StreamRoute, type RouteInput } from "../http/route-binding";
import { sendParts, sendTexts } from "../http/stream-reply";
import { SweepsService } from "../sweeps/sweeps.service";
import { ExportService } from "./export.service";
import { ParquetExportService } from "./parquet-export.service";

const mediaTypes = {
  csv: "text/csv; charset=utf-8; header=present",
  ndjson: "application/x-ndjson; charset=utf-8",
  parquet: "application/vnd.apache.parquet",
};

@Controller()
export class ExportsController {
  constructor(
    @Inject(SweepsService) private readonly sweeps: SweepsService,
    @Inject(ExportService) private readonly exports: ExportService,
    @Inject(ParquetExportService) private readonly parquet: ParquetExportService,
  ) {}

  @StreamRoute("exportSweep")
  async exportSweep({ params, query }: RouteInput<"exportSweep">, reply: FastifyReply, request: FastifyRequest): Promise<void> {
    const sweep = await this.sweeps.get(params.sweep);
    const fileName = `basin-${sweep.id}-${query.what}.${query.format}`;
    reply.headers({ "content-type": mediaTypes[query.format], "content-disposition": `attachment; filename="${fileName}"` });
    if (query.format === "parquet") await sendParts(request, reply, this.parquet.parts(sweep, query.what));
    else await sendTexts(request, reply, this.exports.texts(sweep, query));
  }
}
