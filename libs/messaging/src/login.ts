import { messageOf, PoolName } from "@basin/contracts";
import { decode, fmtCreds, fromSeed, type KeyPair } from "@nats-io/jwt";
import { readFileSync } from "node:fs";

/** As a user whom the server's own configuration knows. */
interface NatsPassword {
  user: string;
  password: string;
}

/** Who somebody is (`jwt`), and the secret that proves it (`seed`), which is never sent. */
export interface NatsCredentials {
  jwt: string;
  seed: string;
  /** Public, of the secret. */
  key: string;
  /** Of the control plane, of a trainer, or of a token by which trainers join. */
  kind: "control-plane" | "trainer" | "join";
  /** A trainer's or token's id. */
  name: string;
  /** The only one that a trainer, or whoever joins by the token, may belong to; null: any. */
  pool: PoolName | null;
  /** Seconds since 1970; null: never. */
  expires: number | null;
}

/** Files in PEM. */
export interface NatsTls {
  /** Whom to believe, in the place of the public authorities. */
  ca: string | null;
  /** Who we are to a server that asks for certificates, and the secret that proves it. */
  cert: string | null;
  key: string | null;
}

export type NatsLogin = NatsPassword | NatsCredentials;

/** Tags of a user's JWT. */
export const tagsOf = (kind: "trainer" | "join", pool: PoolName | null): string[] => [
  kind,
  ...(pool === null ? [] : [`pool:${pool}`]),
];

/**
 * Credentials as a `.creds` file holds them, or in one line (`<jwt>.<seed>`).
 * @throws an Error that says what is wrong; the text is not part of it
 */
export function parseNatsCredentials(text: string): NatsCredentials {
  const [, jwt, seed] =
    /^([\w-]+\.[\w-]+\.[\w-]+)\.(SU[A-Z2-7]{56})$/.exec(text.trim()) ??
    /BEGIN NATS USER JWT-+\s+(\S+)[^]*BEGIN USER NKEY SEED-+\s+(\S+)/.exec(text) ??
    [];
  if (jwt === undefined || seed === undefined) {
    throw new Error("no NATS credentials: it must be what `basin trainer token` printed, or the text of a .creds file");
  }
  try {
    return { ...described(jwt), jwt, seed };
  } catch (error) {
    throw new Error(`these NATS credentials cannot be used: ${messageOf(error)}`, { cause: error });
  }
}

function described(jwt: string): Pick<NatsCredentials, "key" | "kind" | "name" | "pool" | "expires"> {
  const { name, sub, exp, nats } = decode<{ tags?: string[] }>(jwt);
  const tags = nats.tags ?? [];
  const pool = tags.find((tag) => tag.startsWith("pool:"))?.slice("pool:".length);
  return {
    kind: tags.includes("trainer") ? "trainer" : tags.includes("join") ? "join" : "control-plane",
    key: sub,
    name,
    pool: pool === undefined ? null : PoolName.parse(pool),
    expires: exp ?? null,
  };
}

/** In one line, for a variable. */
export const inOneLine = (jwt: string, key: KeyPair): string => `${jwt}.${Buffer.from(key.getSeed()).toString("utf8")}`;

/** As a `.creds` file, which other NATS clients read too. */
export function credentialsFile({ jwt, seed }: Pick<NatsCredentials, "jwt" | "seed">): string {
  return Buffer.from(fmtCreds(jwt, fromSeed(Buffer.from(seed)))).toString("utf8");
}

/**
 * NATS_TOKEN, or NATS_USER with NATS_PASSWORD; NATS_USER is `defaultUser` when only a password is given. Null: none of them is set, so that what
 * NATS_URL says counts. Empty variables count as not set.
 * @throws an Error that names the variable
 */
export function readNatsLogin(variables: Record<string, string | undefined>, defaultUser: string): NatsLogin | null {
  const given = (name: string): string | null => (variables[name] === "" ? null : (variables[name] ?? null));
  const [user, password, token] = [given("NATS_USER"), given("NATS_PASSWORD"), given("NATS_TOKEN")];
  if (token !== null) {
    if (password !== null) throw new Error("NATS_TOKEN and NATS_PASSWORD are both set; set one of them");
    try {
      return parseNatsCredentials(token);
    } catch (error) {
      throw new Error(`NATS_TOKEN: ${messageOf(error)}`, { cause: error });
    }
  }
  if (password !== null) return { user: user ?? defaultUser, password };
  if (user !== null) throw new Error(`NATS_USER is set to "${user}" without NATS_PASSWORD or NATS_PASSWORD_FILE`);
  return null;
}

/** NATS_CA, NATS_CERT and NATS_KEY; null: none of them is set. Throws an Error that names the variable which is missing. */
export function readNatsTls(variables: Record<string, string | undefined>): NatsTls | null {
  const [ca, cert, key] = ["NATS_CA", "NATS_CERT", "NATS_KEY"].map((name) => variables[name] || null);
  if ((cert === null) !== (key === null)) throw new Error("NATS_CERT and NATS_KEY belong together: set both, or neither");
  return ca || cert ? { ca: ca ?? null, cert: cert ?? null, key: key ?? null } : null;
}

/** What a URL says: `nats://user:password@host`, or `nats://host?creds=<file>`; null: nothing. Throws an Error that names the file. */
export function loginOf(address: URL): NatsLogin | null {
  const file = address.searchParams.get("creds");
  if (file !== null) {
    try {
      return parseNatsCredentials(readFileSync(file, "utf8"));
    } catch (error) {
      throw new Error(`creds=${file} of the NATS address: ${messageOf(error)}`, { cause: error });
    }
  }
  if (!address.username) return null;
  return { user: decodeURIComponent(address.username), password: decodeURIComponent(address.password) };
}
