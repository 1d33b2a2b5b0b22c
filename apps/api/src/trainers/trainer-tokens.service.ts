import { messageOf, type BodyOf, type ControlReply, type ControlRequest, type TrainerToken } from "@basin/contracts";
import { TrainerTokensRepository } from "@basin/database";
import { ControlFailure, linkOf, parseNatsCredentials, TrainerAuthority, type NatsConnection } from "@basin/messaging";
import { Inject, Injectable, type BeforeApplicationShutdown, type OnModuleInit } from "@nestjs/common";
import { randomBytes } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { NotFoundError } from "../http/request-errors";
import type { Env } from "../platform/env";
import { ENV, LOG, NATS } from "../platform/injection-keys";
import type { Log } from "../platform/log";
import { ConflictError } from "../platform/conflict-error";

/** By it the trainers join that the control plane's own account starts: it lies beside the keys. */
const localToken = "join-local";
const localFile = "trainers.token";
const day = 24 * 3600 * 1000;

/** Ids that a trainer must not take: in subjects they stand for somebody else. */
const reserved = /^(join-|control-plane$)/;

/** Identities of trainers at the NATS server: tokens, joining, revoking. Off where BASIN_NATS_KEYS names no keys. */
@Injectable()
export class TrainerTokensService implements OnModuleInit, BeforeApplicationShutdown {
  #authority: TrainerAuthority | null = null;
  #unfollow: () => void = () => undefined;

  constructor(
    @Inject(TrainerTokensRepository) private readonly tokens: TrainerTokensRepository,
    @Inject(NATS) private readonly nats: NatsConnection,
    @Inject(ENV) private readonly env: Env,
    @Inject(LOG) private readonly log: Log,
  ) {}

  /** Also tells the server who is revoked, now and whenever it is back: it may have lost what it was told. */
  async onModuleInit(): Promise<void> {
    const folder = this.env.natsKeys;
    if (folder === null) return;
    this.#authority = await TrainerAuthority.open(folder);
    await this.#keepLocalToken(this.#authority, join(folder, localFile));
    const tell = (): void => {
      this.#tellRevoked().catch((error: unknown) =>
        this.log.error({ reason: messageOf(error) }, "NATS could not be told which trainers are revoked"),
      );
    };
    if (Object.keys(await this.tokens.revoked()).length > 0) tell();
    this.#unfollow = linkOf(this.nats).onChange((connected) => connected && tell());
  }

  beforeApplicationShutdown(): void {
    this.#unfollow();
  }

  /** Of several processes that start at once, one writes the file, and all store what it holds. */
  async #keepLocalToken(authority: TrainerAuthority, file: string): Promise<void> {
    const made = await authority.newToken(localToken, null, null);
    await writeFile(file, `${made.text}\n`, { mode: 0o600, flag: "wx" }).catch((error: unknown) => {
      if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
    });
    const { key } = parseNatsCredentials(await readFile(file, "utf8"));
    await this.tokens.create({ id: localToken, name: "trainers of this machine", pool: null, key, expiresAt: null });
  }

  list(): Promise<TrainerToken[]> {
    return this.tokens.list();
  }

  /** Throws ConflictError where there are no keys. */
  async create({ name, pool, days }: BodyOf<"createTrainerToken">): Promise<TrainerToken & { secret: string; address: string }> {
    const authority = this.#keys();
    const id = `join-${randomBytes(6).toString("hex")}`;
    const expiresAt = days === null ? null : new Date(Date.now() + days * day);
    const { key, text } = await authority.newToken(id, pool, expiresAt && Math.floor(expiresAt.getTime() / 1000));
    const made = await this.tokens.create({ id, name, pool, key, expiresAt });
    const { protocol, host } = new URL(this.env.natsUrl.split(",")[0] ?? "");
    return { ...made, secret: text, address: `${protocol}//${host}` };
  }

  /** Resolves when the NATS server has thrown out whoever came by it. Throws NotFoundError. */
  async revoke(id: string): Promise<TrainerToken> {
    const revoked = await this.tokens.revoke(id);
    if (!revoked) throw new NotFoundError("trainer token", id);
    await this.#tellRevoked();
    return revoked;
  }

  async join(body: ControlRequest<"join">, token: string): Promise<ControlReply<"join">> {
    const { trainer, pool, key } = body;
    if (reserved.test(trainer)) throw new ControlFailure("bad-id", `${trainer} is no id for a trainer`, false);
    const authority = this.#authority;
    if (!authority) throw new ControlFailure("no-keys", "this control plane has no keys of NATS (BASIN_NATS_KEYS)", false);
    switch (await this.tokens.join(token, trainer, key, pool)) {
      case "unknown-token":
        throw new ControlFailure("unknown-token", `token ${token} is unknown here, expired or revoked`, false);
      case "other-pool":
        throw new ControlFailure(
          "other-pool",
          `token ${token} is not for pool ${pool}: set BASIN_POOL to the pool it was made for`,
          false,
        );
      case "other-key": {
        const text = `trainer ${trainer} has another key: remove the file trainer-id of this trainer's folder, and it gets an id of its own`;
        throw new ControlFailure("other-key", text, false);
      }
      case "joined":
        this.log.info({ trainer, pool, token }, "a trainer joined");
        return { v: 1, jwt: await authority.trainer(trainer, pool, key) };
    }
  }

  /** A trainer is in the pool that it joined, whatever it says of itself. */
  async checkPool(trainer: ControlRequest<"register">["trainer"], pool: string): Promise<void> {
    if (!this.#authority) return;
    const joined = await this.tokens.poolOf(trainer);
    if (joined !== null && joined !== pool) {
      throw new ControlFailure("other-pool", `trainer ${trainer} joined pool ${joined} and cannot register in ${pool}`, false);
    }
  }

  #keys(): TrainerAuthority {
    if (this.#authority) return this.#authority;
    throw new ConflictError(
      "no tokens for trainers can be made: this control plane has no keys of its NATS server (BASIN_NATS_KEYS; docs/operate/security.md)",
    );
  }

  async #tellRevoked(): Promise<void> {
    const { natsUrl: url, natsTls: tls } = this.env;
    await this.#authority?.revoke(await this.tokens.revoked(), { url, tls });
  }
}
