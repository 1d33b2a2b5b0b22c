import { sessionCookie, type Token } from "@basin/contracts";
import { TokensRepository } from "@basin/database";
import { Inject, Injectable, type OnModuleInit } from "@nestjs/common";
import { resolve } from "node:path";
import type { Asker } from "../http/asker";
import { Door } from "../http/door";
import { NotFoundError, UnauthorizedError } from "../http/request-errors";
import type { Env } from "../platform/env";
import type { Log } from "../platform/log";
import { ENV, LOG } from "../platform/injection-keys";
import { keepFirstToken } from "./first-token-file";
import { hashOf, newToken, secretOf } from "./token-secrets";

/** How long a token that was found is not looked up again; as long may one be accepted that another process revoked. */
const trustSeconds = 1;
const mostTrusted = 1000;

interface Headers {
  authorization?: string | undefined;
  cookie?: string | undefined;
}

@Injectable()
export class TokensService implements OnModuleInit {
  readonly #trusted = new Map<string, Asker & { until: number }>();

  constructor(
    @Inject(TokensRepository) private readonly tokens: TokensRepository,
    @Inject(ENV) private readonly env: Env,
    @Inject(LOG) private readonly log: Log,
    @Inject(Door) private readonly door: Door,
  ) {}

  /** While no token exists, nobody could make the first one: it is made here and put into a file that only this account reads. */
  async onModuleInit(): Promise<void> {
    this.door.identifyBy((headers) => this.check(headers));
    if (this.env.auth !== "token" || (await this.tokens.anyCounts())) return;
    const { secret, token } = newToken("admin");
    const file = this.env.firstTokenFile;
    if (await keepFirstToken(file, secret, () => this.tokens.createFirst(token)))
      this.log.warn({ file: resolve(file), name: token.name }, `the first token is in ${resolve(file)}`);
  }

  /** Who carries the token of a request. Throws UnauthorizedError without a good one. */
  async check(headers: Headers): Promise<Asker> {
    const secret = secretOf(headers, sessionCookie);
    if (secret === null) throw new UnauthorizedError("this needs a token");
    const hash = hashOf(secret);
    const known = this.#trusted.get(hash);
    if (known && known.until > performance.now()) return known;
    const token = await this.tokens.use(hash);
    if (!token) {
      this.#trusted.delete(hash);
      throw new UnauthorizedError("this token is not known, or was revoked");
    }
    if (this.#trusted.size >= mostTrusted) this.#trusted.clear();
    const asker = { name: token.name, token: token.id };
    this.#trusted.set(hash, { ...asker, until: performance.now() + trustSeconds * 1000 });
    return asker;
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
