import { type AnswerOf, sessionCookie, type Session } from "@basin/contracts";
import { Controller, Inject } from "@nestjs/common";
import type { FastifyReply, FastifyRequest } from "fastify";
import { localOwner } from "../http/asker";
import { UnauthorizedError } from "../http/request-errors";
import { HttpRoute, StreamRoute, type RouteInput } from "../http/route-binding";
import type { Env } from "../platform/env";
import { ENV } from "../platform/injection-keys";
import { TokensService } from "./tokens.service";

const cookieDays = 30;

@Controller()
export class TokensController {
  constructor(
    @Inject(TokensService) private readonly tokens: TokensService,
    @Inject(ENV) private readonly env: Env,
  ) {}

  @StreamRoute("getSession")
  async getSession(_input: RouteInput<"getSession">, reply: FastifyReply, request: FastifyRequest): Promise<void> {
    await reply.send(await this.sessionOf(request.headers));
  }

  /** A cookie that scripts cannot read and other sites cannot use. Behind HTTPS (`x-forwarded-proto`) it is sent over HTTPS only. */
  @StreamRoute("openSession")
  async openSession({ body }: RouteInput<"openSession">, reply: FastifyReply, request: FastifyRequest): Promise<void> {
    const session =
      this.env.auth === "token"
        ? { auth: this.env.auth, owner: (await this.tokens.check({ authorization: `Bearer ${body.token}` })).name }
        : { auth: this.env.auth, owner: localOwner };
    const secure = request.headers["x-forwarded-proto"] === "https" ? "; Secure" : "";
    const value = encodeURIComponent(body.token);
    if (this.env.auth === "token")
      reply.header(
        "set-cookie",
        `${sessionCookie}=${value}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${cookieDays * 86_400}${secure}`,
      );
    await reply.send(session satisfies Session);
  }

  @StreamRoute("closeSession")
  async closeSession(_input: RouteInput<"closeSession">, reply: FastifyReply): Promise<void> {
    reply.header("set-cookie", `${sessionCookie}=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0`);
    const owner = this.env.auth === "token" ? null : localOwner;
    await reply.send({ auth: this.env.auth, owner } satisfies Session);
  }

  @HttpRoute("listTokens")
  async listTokens(): Promise<AnswerOf<"listTokens">> {
    return { items: await this.tokens.list() };
  }

  @HttpRoute("createToken")
  createToken({ body }: RouteInput<"createToken">): Promise<AnswerOf<"createToken">> {
    return this.tokens.create(body.name);
  }

  @HttpRoute("revokeToken")
  revokeToken({ params }: RouteInput<"revokeToken">): Promise<AnswerOf<"revokeToken">> {
    return this.tokens.revoke(params.token);
  }

  private async sessionOf(headers: FastifyRequest["headers"]): Promise<Session> {
    if (this.env.auth !== "token") return { auth: "off", owner: localOwner };
    try {
      return { auth: "token", owner: (await this.tokens.check(headers)).name };
    } catch (error) {
      if (error instanceof UnauthorizedError) return { auth: "token", owner: null };
      throw error;
    }
  }
}
