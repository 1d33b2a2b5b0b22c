import type { AnswerOf } from "@basin/contracts";
import { Controller, Inject } from "@nestjs/common";
import { HttpRoute, type RouteInput } from "../http/route-binding";
import { BinService } from "./bin.service";

@Controller()
export class BinController {
  constructor(@Inject(BinService) private readonly bin: BinService) {}

  @HttpRoute("getBin")
  getBin({ asker }: RouteInput<"getBin">): Promise<AnswerOf<"getBin">> {
    return this.bin.get(asker);
  }

  @HttpRoute("emptyBin")
  emptyBin({ body }: RouteInput<"emptyBin">): Promise<AnswerOf<"emptyBin">> {
    return this.bin.empty(body.count);
  }
}
