import { sessionCookie, type Token } from "@basin/contracts";
import { TokensRepository } from "@basin/database";
import { Inject, Injectable, type OnApplicationBootstrap } from "@nestjs/common";
import { NotFoundError, UnauthorizedError } from "../http/request-errors";
import type { Env } from "../platform/env";
import type { Log } from "../platform/log";
import { ENV, LOG } from "../platform/tokens";
import { hashOf, newToken, secretOf } from "./token-secrets";

/** How long a token that was found is not looked up again; as long may a revoked one still be accepted. */
const trustSeconds = 5;
const mostTrusted = 1000;

interface Headers {
  authorization?: string | undefined;
  cookie?: string | undefined;
}

@Injectable()
export class TokensService implements OnApplicationBootstrap {
  readonly #trusted = new Map<string, { name: string; until: number }>();

  constructor(
    @Inject(TokensRepository) private readonly tokens: TokensRepository,
    @Inject(ENV) private readonly env: Env,
    @Inject(LOG) private readonly log: Log,
  ) {}

  /** While no token exists, nobody could make the first one: it is made here and shown once, in the log. */
  async onApplicationBootstrap(): Promise<void> {
    if (this.env.auth !== "token") return;
    const { secret, token } = newToken("admin");
    if (await this.tokens.createFirst(token))
      this.log.warn({ token: secret, name: token.name }, `the first token, shown this once: ${secret}`);
  }

  /** Name of the token that a request carries. Throws UnauthorizedError without a good one. */
  async check(headers: Headers): Promise<string> {
    const secret = secretOf(headers, sessionCookie);
    if (secret === null) throw new UnauthorizedError("this needs a token");
    const hash = hashOf(secret);
    const known = this.#trusted.get(hash);
    if (known && known.until > performance.now()) return known.name;
    const token = await this.tokens.use(hash);
    if (!token) {
      this.#trusted.delete(hash);
      throw new UnauthorizedError("this token is not known, or was revoked");
    }
    if (this.#trusted.size >= mostTrusted) this.#trusted.clear();
    this.#trusted.set(hash, { name: token.name, until: performance.now() + trustSeconds * 1000 });
    return token.name;
  }

  list(): Promise<Token[]> {
    return this.tokens.list();
  }

  async create(name: string): Promise<Token & { secret: string }> {
    const { secret, token } = newToken(name);
    return { ...(await this.tokens.create(token)), secret };
  }

  /** Throws NotFoundError. */
  async revoke(id: string): Promise<Token> {
    const token = await this.tokens.revoke(id);
    if (!token) throw new NotFoundError("token", id);
    this.#trusted.clear();
    return token;
  }
}
