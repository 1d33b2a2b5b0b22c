import { apiPrefix } from "@basin/contracts";
import { Inject, Injectable, type CanActivate, type ExecutionContext } from "@nestjs/common";
import type { FastifyRequest } from "fastify";
import { setAsker } from "../http/asker";
import type { Env } from "../platform/env";
import { ENV } from "../platform/tokens";
import { TokensService } from "./tokens.service";

/** Who may not have a token yet: whoever asks whether one is needed, brings one, or forgets it. */
const openPaths = [`${apiPrefix}/session`];

/** With BASIN_AUTH=token, every route under the API's prefix needs a token that was not revoked. Health and metrics are not under it. */
@Injectable()
export class TokenGuard implements CanActivate {
  constructor(
    @Inject(TokensService) private readonly tokens: TokensService,
    @Inject(ENV) private readonly env: Env,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (this.env.auth !== "token") return true;
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const path = request.url.split("?")[0] ?? "";
    if (!path.startsWith(apiPrefix) || openPaths.includes(path)) return true;
    setAsker(request, await this.tokens.check(request.headers));
    return true;
  }
}
