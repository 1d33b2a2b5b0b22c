import type { AnswerOf } from "@basin/contracts";
import { Controller, Inject } from "@nestjs/common";
import { HttpRoute, type RouteInput } from "../http/route-binding";
import { TrainerTokensService } from "./trainer-tokens.service";

@Controller()
export class TrainerTokensController {
  constructor(@Inject(TrainerTokensService) private readonly tokens: TrainerTokensService) {}

  @HttpRoute("listTrainerTokens")
  async listTrainerTokens(): Promise<AnswerOf<"listTrainerTokens">> {
    return { items: await this.tokens.list() };
  }

  @HttpRoute("createTrainerToken")
  createTrainerToken({ body }: RouteInput<"createTrainerToken">): Promise<AnswerOf<"createTrainerToken">> {
    return this.tokens.create(body);
  }

  @HttpRoute("revokeTrainerToken")
  revokeTrainerToken({ params }: RouteInput<"revokeTrainerToken">): Promise<AnswerOf<"revokeTrainerToken">> {
    return this.tokens.revoke(params.token);
  }
}
