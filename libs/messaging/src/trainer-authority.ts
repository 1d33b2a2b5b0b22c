import { joinPermissions, messageOf, trainerPermissions, type PoolName, type TrainerId } from "@basin/contracts";
import { createUser, decode, encodeAccount, encodeUser, fromPublic, fromSeed, type KeyPair } from "@nats-io/jwt";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { connectNats, type ConnectNatsOptions } from "./connection";
import { inOneLine, parseNatsCredentials, tagsOf } from "./login";

interface NewToken {
  /** The public key: what is revoked. */
  key: string;
  /** In one line, the secret among it; kept nowhere here. */
  text: string;
}

/**
 * Vouches for trainers to the NATS server, by the keys of `makeNatsKeys` (BASIN_NATS_KEYS). What it signs, the server checks by itself: no process
 * of ours has to be there when a trainer connects.
 */
export class TrainerAuthority {
  private constructor(
    private readonly folder: string,
    private readonly account: KeyPair,
    private readonly operator: KeyPair,
    private readonly accountJwt: string,
  ) {}

  /** @throws an Error that names the file which cannot be read */
  static async open(folder: string): Promise<TrainerAuthority> {
    try {
      const seed = async (name: string): Promise<KeyPair> => fromSeed(await readFile(join(folder, name)).then(trimmed));
      const server = JSON.parse(await readFile(join(folder, "server.json"), "utf8")) as { account: string };
      return new TrainerAuthority(folder, await seed("account.seed"), await seed("operator.seed"), server.account);
    } catch (error) {
      throw new Error(`BASIN_NATS_KEYS: the keys of NATS in ${folder} cannot be used: ${messageOf(error)}`, { cause: error });
    }
  }

  /** For whoever shall be able to join as a trainer of the pool (null: of any). Expires at the second, or never. */
  async newToken(id: string, pool: PoolName | null, expires: number | null): Promise<NewToken> {
    const key = createUser();
    const jwt = await this.#signed(id, key, tagsOf("join", pool), joinPermissions(id), expires);
    return { key: key.getPublicKey(), text: inOneLine(jwt, key) };
  }

  /** Lets the holder of the key be the trainer. */
  trainer(id: TrainerId, pool: PoolName, key: string): Promise<string> {
    return this.#signed(id, fromPublic(key), tagsOf("trainer", pool), trainerPermissions(id, pool), null);
  }

  /**
   * Tells the server which keys no longer count (seconds since 1970 by key: what was signed until then); who is connected by one is thrown out.
   * What it was told before is replaced. Rejects when the server does not take it.
   */
  async revoke(
    revocations: Readonly<Record<string, number>>,
    to: Required<Pick<ConnectNatsOptions, "url" | "tls">>,
  ): Promise<void> {
    const { nats, name } = decode<{ limits: Record<string, number> }>(this.accountJwt);
    const jwt = await encodeAccount(name, this.account, { limits: nats.limits ?? {}, revocations }, { signer: this.operator });
    const login = parseNatsCredentials(await readFile(join(this.folder, "system.creds"), "utf8"));
    const connection = await connectNats({ ...to, login, name: "basin-api revocations", signal: AbortSignal.timeout(5000) });
    try {
      const reply = await connection.request("$SYS.REQ.CLAIMS.UPDATE", jwt, { timeout: 5000 });
      const { error } = reply.json<{ error?: { description?: string } }>();
      if (error) throw new Error(`the NATS server did not take the revocations: ${error.description ?? "no reason given"}`);
    } finally {
      await connection.close();
    }
  }

  #signed(
    name: string,
    key: KeyPair,
    tags: string[],
    { publish, subscribe }: ReturnType<typeof trainerPermissions>,
    expires: number | null,
  ): Promise<string> {
    const user = { tags, pub: { allow: publish }, sub: { allow: subscribe } };
    return encodeUser(name, key, this.account, user, expires === null ? {} : { exp: expires });
  }
}

const trimmed = (bytes: Buffer): Buffer => Buffer.from(bytes.toString("utf8").trim());
