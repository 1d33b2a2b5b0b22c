import { sessionCookie, type NewToken, type Token } from "@basin/contracts";
import { ProjectsRepository, TokensRepository } from "@basin/database";
import { Inject, Injectable, type OnModuleInit } from "@nestjs/common";
import type { FastifyRequest } from "fastify";
import { resolve } from "node:path";
import { ownProject, type Asker } from "../http/asker";
import { Door } from "../http/door";
import { ForbiddenError, InputError, NotFoundError, UnauthorizedError } from "../http/request-errors";
import type { Env } from "../platform/env";
import type { Log } from "../platform/log";
import { ENV, LOG } from "../platform/injection-keys";
import { addressOf, FailedSignIns } from "./failed-sign-ins";
import { keepFirstToken } from "./first-token-file";
import { Reach } from "./reach.service";
import { hashOf, newSecret, secretOf } from "./token-secrets";

/** How long a token that was found is not looked up again; as long may one be accepted that another process revoked. */
const trustSeconds = 1;
const mostTrusted = 1000;
const sessionDays = 30;

/** What a browser is given: the secret of its session, and who it is. */
interface OpenedSession {
  secret: string;
  seconds: number;
  asker: Asker;
}

@Injectable()
export class TokensService implements OnModuleInit {
  readonly #trusted = new Map<string, Asker & { until: number }>();
  readonly #failures = new FailedSignIns();

  constructor(
    @Inject(TokensRepository) private readonly tokens: TokensRepository,
    @Inject(ProjectsRepository) private readonly projects: ProjectsRepository,
    @Inject(Reach) private readonly reach: Reach,
    @Inject(ENV) private readonly env: Env,
    @Inject(LOG) private readonly log: Log,
    @Inject(Door) private readonly door: Door,
  ) {}

  /** While no admin's token exists, nobody could make one: it is made here and put into a file that only this account reads. */
  async onModuleInit(): Promise<void> {
    this.door.guardBy({
      identify: (request) => this.identify(request),
      checkReach: (route, params, asker) => this.reach.check(route, params, asker),
    });
    if (this.env.auth !== "token" || (await this.tokens.anyAdmin())) return;
    const { secret, ...kept } = newSecret();
    const file = this.env.firstTokenFile;
    const name = "admin";
    const token = { ...kept, ...plain, name, role: "admin" as const, project: "default" };
    if (await keepFirstToken(file, secret, async () => (await this.tokens.create(token, { first: true })) !== null))
      this.log.warn({ file: resolve(file), name }, `the first token is in ${resolve(file)}`);
  }

  /** Who carries the token of a request. Throws UnauthorizedError without a good one, TooManyFailuresError after many bad ones. */
  identify(request: FastifyRequest): Promise<Asker> {
    const secret = secretOf(request.headers, sessionCookie);
    if (secret === null) throw new UnauthorizedError("this needs a token");
    return this.#check(secret, addressOf(request));
  }

  async #check(secret: string, address: string): Promise<Asker> {
    const hash = hashOf(secret);
    const known = this.#trusted.get(hash);
    if (known && known.until > performance.now()) return known;
    const token = await this.tokens.use(hash);
    if (!token) {
      this.#trusted.delete(hash);
      this.#failures.note(address);
      throw new UnauthorizedError("this token is not known, has expired, or was revoked");
    }
    if (this.#trusted.size >= mostTrusted) this.#trusted.clear();
    const asker = askerBy(token);
    this.#trusted.set(hash, { ...asker, until: performance.now() + trustSeconds * 1000 });
    return asker;
  }

  /** A session of its own for a browser that shows a token: it ends with the token, or before. Throws as `identify` does. */
  async signIn(secret: string, request: FastifyRequest): Promise<OpenedSession> {
    const asker = await this.#check(secret, addressOf(request));
    return this.#open(asker, asker.token);
  }

  async #open(asker: Asker, parent: string | null): Promise<OpenedSession> {
    const { secret, ...kept } = newSecret();
    const { name, role, project, scope, pool } = asker;
    const seconds = sessionDays * 86_400;
    const session = { ...kept, name, role, project, scope, pool, kind: "session" as const, expiresInSeconds: seconds, parent };
    await this.tokens.create(session);
    return { secret, seconds, asker: { ...asker, token: kept.id } };
  }

  /** Ends the session that a request carries; a token that stands in a cookie stays what it is. */
  async signOut(request: FastifyRequest): Promise<void> {
    const asker = await this.identify(request);
    if (asker.token !== null) await this.tokens.endSession(asker.token);
    this.#trusted.clear();
  }

  /** How many sessions of the asker's name ended. */
  async signOutEverywhere({ name }: Asker): Promise<number> {
    const ended = await this.tokens.endSessions(name);
    this.#trusted.clear();
    return ended;
  }

  list(asker: Asker): Promise<Token[]> {
    return this.tokens.list(whose(asker));
  }

  /** Who is no admin makes tokens of their own. Throws ForbiddenError, InputError, or NotFoundError for the project. */
  async create(wanted: NewToken, asker: Asker): Promise<Token & { secret: string }> {
    const trains = wanted.role === "trainer";
    const project = wanted.project ?? (trains && asker.role === "admin" ? null : ownProject(asker));
    if (asker.role !== "admin") {
      if (wanted.name !== asker.name || project !== asker.project)
        throw new ForbiddenError(
          `"${asker.name}" makes tokens of their own name and project only; an admin makes those of others`,
        );
      if (wanted.role !== "viewer" && wanted.role !== asker.role)
        throw new ForbiddenError(`"${asker.name}" is ${asker.role} and makes no token of the role ${wanted.role}`);
    }
    if (project !== null && (await this.projects.room(project)) === null) throw new NotFoundError("project", project);
    const { secret, ...kept } = newSecret();
    const { name, role, scope, pool, expiresInDays } = wanted;
    const made = await this.tokens.create({
      ...kept,
      ...plain,
      ...{ name, role, project, scope, pool: trains ? (pool ?? "default") : null },
      expiresInSeconds: expiresInDays === undefined ? null : Math.max(1, Math.round(expiresInDays * 86_400)),
    });
    if (!made) throw new InputError([{ path: "", message: "the token was not stored; send the request again" }]);
    return { ...made, secret };
  }

  /** Throws NotFoundError. */
  async revoke(id: string, asker: Asker): Promise<Token> {
    const token = await this.tokens.revoke(id, whose(asker));
    if (!token) throw new NotFoundError("token", id);
    this.#trusted.clear();
    return token;
  }
}

const plain = { scope: "all", pool: null, kind: "token", expiresInSeconds: null, parent: null } as const;

const askerBy = ({ name, id, role, project, scope, pool }: Token): Asker => ({ name, token: id, role, project, scope, pool });

/** Whose tokens somebody sees. */
const whose = ({ role, name, project }: Asker): { name: string; project: string | null } | null =>
  role === "admin" ? null : { name, project };
