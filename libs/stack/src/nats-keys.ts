import {
  createAccount,
  createOperator,
  createUser,
  encodeAccount,
  encodeOperator,
  encodeUser,
  fmtCreds,
  fromSeed,
  type KeyPair,
} from "@nats-io/jwt";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Without bounds: -1. What is left out is none. */
const unlimited = { subs: -1, data: -1, payload: -1, imports: -1, exports: -1, wildcards: true, conn: -1, leaf: 0 };
const withJetStream = { ...unlimited, mem_storage: -1, disk_storage: -1, streams: -1, consumer: -1, max_ack_pending: -1 };

/** Written whole or not at all, readable by this account only. */
function keep(file: string, text: string | Uint8Array): void {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, text, { mode: 0o600 });
  renameSync(draft, file);
}

function keyPair(file: string, create: () => KeyPair): KeyPair {
  if (!existsSync(file)) keep(file, create().getSeed());
  return fromSeed(Buffer.from(readFileSync(file, "utf8").trim()));
}

/** The folder of the keys in a data directory. */
export const natsKeysFolder = "nats-keys";

/**
 * Who may connect to a NATS server, made once: `operator.seed` vouches for accounts, `account.seed` for the users of Basin's account, which holds
 * all subjects and streams; `api.creds` is the control plane, `system.creds` may tell the server which users are revoked. Trainers are vouched for
 * by the control plane, which reads this folder (BASIN_NATS_KEYS). Every file is readable by this account only.
 */
export async function makeNatsKeys(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const at = (name: string): string => join(folder, name);
  // The last one that is written: without it the others may be incomplete.
  if (existsSync(at("server.json"))) return;
  const operator = keyPair(at("operator.seed"), createOperator);
  const account = keyPair(at("account.seed"), createAccount);
  const system = keyPair(at("system.seed"), createAccount);
  const jwts = {
    operator: await encodeOperator("basin", operator, { system_account: system.getPublicKey() }),
    account: await encodeAccount("basin", account, { limits: withJetStream }, { signer: operator }),
    system: await encodeAccount("system", system, { limits: unlimited }, { signer: operator }),
  };
  for (const [name, of] of [
    ["control-plane", account],
    ["system", system],
  ] as const) {
    const user = createUser();
    keep(at(name === "system" ? "system.creds" : "api.creds"), fmtCreds(await encodeUser(name, user, of), user));
  }
  keep(at("server.json"), JSON.stringify({ ...jwts, accountKey: account.getPublicKey(), systemKey: system.getPublicKey() }));
}

/** The lines of a server's configuration that let in whom the keys vouch for, and nobody else. `accounts`: where it keeps what it was told of them. */
export function natsIdentities(folder: string, accounts: string): string {
  const file = join(folder, "server.json");
  const { operator, account, system, accountKey, systemKey } = JSON.parse(readFileSync(file, "utf8")) as Record<string, string>;
  return [
    `operator: ${operator}`,
    `system_account: ${systemKey}`,
    `resolver: { type: full, dir: ${JSON.stringify(accounts)}, allow_delete: false, interval: "2m" }`,
    `resolver_preload: {`,
    `  ${accountKey}: ${account}`,
    `  ${systemKey}: ${system}`,
    `}`,
  ].join("\n");
}
