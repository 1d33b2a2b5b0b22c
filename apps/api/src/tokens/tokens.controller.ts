import { type AnswerOf, sessionCookie, type Session } from "@basin/contracts";
import { Controller, Inject } from "@nestjs/common";
import type { FastifyReply, FastifyRequest } from "fastify";
import { localAsker, setAsker, type Asker } from "../http/asker";
import { UnauthorizedError } from "../http/request-errors";
import { HttpRoute, StreamRoute, type RouteInput } from "../http/route-binding";
import type { Env } from "../platform/env";
import { ENV } from "../platform/injection-keys";
import { cookieOf } from "./session-cookie";
import { TokensService } from "./tokens.service";

@Controller()
export class TokensController {
  constructor(
    @Inject(TokensService) private readonly tokens: TokensService,
    @Inject(ENV) private readonly env: Env,
  ) {}

  @StreamRoute("getSession")
  async getSession(_input: RouteInput<"getSession">, reply: FastifyReply, request: FastifyRequest): Promise<void> {
    await reply.send(this.#sessionOf(await this.#asker(request)));
  }

  @StreamRoute("openSession")
  async openSession({ body }: RouteInput<"openSession">, reply: FastifyReply, request: FastifyRequest): Promise<void> {
    if (this.env.auth !== "token") {
      await reply.send(this.#sessionOf(localAsker));
      return;
    }
    const { secret, seconds, asker } = await this.tokens.signIn(body.token, request);
    setAsker(request, asker);
    reply.header("set-cookie", cookieOf(sessionCookie, secret, seconds, request));
    await reply.send(this.#sessionOf(asker));
  }

  @StreamRoute("closeSession")
  async closeSession(_input: RouteInput<"closeSession">, reply: FastifyReply, request: FastifyRequest): Promise<void> {
    const asker = await this.#asker(request);
    if (asker) setAsker(request, asker);
    if (this.env.auth === "token" && asker) await this.tokens.signOut(request);
    reply.header("set-cookie", cookieOf(sessionCookie, "", 0, request));
    await reply.send(this.#sessionOf(this.env.auth === "token" ? null : localAsker));
  }

  @HttpRoute("closeSessions")
  async closeSessions({ asker }: RouteInput<"closeSessions">): Promise<AnswerOf<"closeSessions">> {
    return { ended: await this.tokens.signOutEverywhere(asker) };
  }

  @HttpRoute("listTokens")
  async listTokens({ asker }: RouteInput<"listTokens">): Promise<AnswerOf<"listTokens">> {
    return { items: await this.tokens.list(asker) };
  }

  @HttpRoute("createToken")
  createToken({ body, asker }: RouteInput<"createToken">): Promise<AnswerOf<"createToken">> {
    return this.tokens.create(body, asker);
  }

  @HttpRoute("revokeToken")
  revokeToken({ params, asker }: RouteInput<"revokeToken">): Promise<AnswerOf<"revokeToken">> {
    return this.tokens.revoke(params.token, asker);
  }

  /** Null: a token is asked for, and none that counts came. */
  async #asker(request: FastifyRequest): Promise<Asker | null> {
    if (this.env.auth !== "token") return localAsker;
    try {
      return await this.tokens.identify(request);
    } catch (error) {
      if (error instanceof UnauthorizedError) return null;
      throw error;
    }
  }

  #sessionOf(asker: Asker | null): Session {
    const { name: owner, role, project } = asker ?? { name: null, role: null, project: null };
    return { auth: this.env.auth, owner, role, project, signIn: null };
  }
}
