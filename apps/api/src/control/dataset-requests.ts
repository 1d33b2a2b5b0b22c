import type { ControlReply, ControlRequest } from "@basin/contracts";
import { DatasetsRepository } from "@basin/database";
import { ControlFailure } from "@basin/messaging";
import { Inject, Injectable } from "@nestjs/common";

/** Contents of datasets for trainers, in parts small enough for a message. */
@Injectable()
export class DatasetRequests {
  constructor(@Inject(DatasetsRepository) private readonly datasets: DatasetsRepository) {}

  async fetch({ trainer, dataset, part }: ControlRequest<"dataset">): Promise<ControlReply<"dataset">> {
    const found = await this.datasets.fetch(dataset, part, trainer);
    if (!found)
      throw new ControlFailure("no-such-dataset", `there is no dataset ${dataset} that a run held by ${trainer} needs`, false);
    const { parts, bytes, sha256, content } = found;
    if (part >= parts) {
      throw new ControlFailure("no-such-part", `dataset ${dataset} has ${parts} parts, counted from 0`, false);
    }
    return { v: 1, parts, bytes, sha256, content: content.toString("base64") };
  }
}
