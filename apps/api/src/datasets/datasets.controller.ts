import type { AnswerOf, DatasetId } from "@basin/contracts";
import { Database, readDatasetFilePart } from "@basin/database";
import { Controller, Inject } from "@nestjs/common";
import type { FastifyReply, FastifyRequest } from "fastify";
import { contentDisposition } from "../http/content-disposition";
import { HttpRoute, StreamRoute, type RouteInput } from "../http/route-binding";
import { sendParts } from "../http/stream-reply";
import { DatasetsService } from "./datasets.service";

const signs = { point: ".", comma: ",", space: " ", apostrophe: "'" } as const;

@Controller()
export class DatasetsController {
  constructor(
    @Inject(DatasetsService) private readonly datasets: DatasetsService,
    @Inject(Database) private readonly database: Database,
  ) {}

  @HttpRoute("listDatasets")
  listDatasets({ query, asker }: RouteInput<"listDatasets">): Promise<AnswerOf<"listDatasets">> {
    return this.datasets.list(query, asker);
  }

  @HttpRoute("getDataset")
  getDataset({ params, asker }: RouteInput<"getDataset">): Promise<AnswerOf<"getDataset">> {
    return this.datasets.get(params.dataset, asker);
  }

  /** 201 when it is new, 200 when the same file was there. */
  @StreamRoute("uploadDataset")
  async uploadDataset(
    { query, asker }: RouteInput<"uploadDataset">,
    reply: FastifyReply,
    request: FastifyRequest,
  ): Promise<void> {
    const { name, decimal, thousands, delimiter, texts } = query;
    const options = {
      ...(delimiter === undefined ? {} : { delimiter }),
      ...(decimal === undefined ? {} : { decimal: signs[decimal] }),
      ...(thousands === undefined ? {} : { thousands: signs[thousands] }),
      ...(texts === undefined ? {} : { texts }),
    };
    const { dataset, created } = await this.datasets.upload(request.raw, { name, options }, asker);
    await reply.status(created ? 201 : 200).send(dataset);
  }

  @StreamRoute("getDatasetFile")
  async getDatasetFile(
    { params, asker }: RouteInput<"getDatasetFile">,
    reply: FastifyReply,
    request: FastifyRequest,
  ): Promise<void> {
    const { name, bytes } = await this.datasets.get(params.dataset, asker);
    reply.headers({
      "content-type": "application/octet-stream",
      "content-length": bytes,
      "content-disposition": contentDisposition(name),
    });
    await sendParts(request, reply, this.partsOf(params.dataset));
  }

  @HttpRoute("deleteDataset")
  async deleteDataset({ params, asker }: RouteInput<"deleteDataset">): Promise<AnswerOf<"deleteDataset">> {
    await this.datasets.remove(params.dataset, asker);
    return { deleted: params.dataset };
  }

  @HttpRoute("restoreDataset")
  restoreDataset({ params, asker }: RouteInput<"restoreDataset">): Promise<AnswerOf<"restoreDataset">> {
    return this.datasets.restore(params.dataset, asker);
  }

  private async *partsOf(id: DatasetId): AsyncGenerator<Buffer> {
    for (let part = 0; ; part++) {
      const content = await readDatasetFilePart(this.database, id, part);
      if (!content) return;
      yield content;
    }
  }
}
