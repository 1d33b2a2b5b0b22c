import { call } from "../api-calls";
import { Output } from "../output";
import { apiOrigin } from "../settings";
import { styleFor } from "../terminal/style";
import { tableLines } from "../terminal/table";

interface JsonFlag {
  json?: boolean;
}

/** What is typed on another machine, with the secret that is shown this once. */
export async function makeToken(flags: JsonFlag & { pool: string; name?: string; days?: number }): Promise<void> {
  const output = new Output(flags.json ?? false);
  const { pool, name = `trainers of ${pool}`, days = null } = flags;
  const token = await call(apiOrigin(), "createTrainerToken", { body: { pool, name, days } });
  const { address, secret } = token;
  const command = `NATS_URL=${address} BASIN_POOL=${pool} NATS_TOKEN=${secret} npm run trainer`;
  const local = /^(127\.|localhost|\[::1\])/.test(new URL(address).hostname);
  output.result({ ...token, command }, () => [
    command,
    "",
    `token ${token.id} is shown this once: whoever has it can be a trainer of pool ${pool}${days === null ? "" : ` for ${days} days`}. ` +
      `basin trainer revoke ${token.id} throws them out.`,
    ...(local ? ["NATS listens on this machine only: BASIN_NATS_HOST=<address> basin up lets others in."] : []),
  ]);
}

export async function tokens(flags: JsonFlag): Promise<void> {
  const output = new Output(flags.json ?? false);
  const { items } = await call(apiOrigin(), "listTrainerTokens", {});
  output.result(items, () => {
    if (items.length === 0) return ["No token for trainers was made."];
    const day = (at: string | null): string => at?.slice(0, 16).replace("T", " ") ?? "";
    const rows = items.map((token) => [
      token.id,
      token.name,
      token.pool ?? "any",
      String(token.trainers),
      day(token.createdAt),
      day(token.lastUsedAt),
      token.revokedAt === null ? day(token.expiresAt) : `revoked ${day(token.revokedAt)}`,
    ]);
    const titles = ["token", "name", "pool", "trainers", "made", "last used", "until"];
    const columns = titles.map((title) => (title === "trainers" ? { title, align: "right" as const } : { title }));
    return tableLines(columns, rows, { titleStyle: styleFor(output.people).dim });
  });
}

export async function revokeToken(token: string, flags: JsonFlag): Promise<void> {
  const output = new Output(flags.json ?? false);
  const revoked = await call(apiOrigin(), "revokeTrainerToken", { params: { token } });
  output.result(revoked, () => [`${revoked.id} is revoked; trainers that joined by it and are thrown out: ${revoked.trainers}`]);
}
