import { makeNatsKeys, natsIdentities } from "@basin/stack";
import { resolve } from "node:path";

/** What a server of one's own needs beside `jetstream` and a port. */
export async function natsConfig({ dir, accounts }: { dir: string; accounts: string }): Promise<void> {
  const folder = resolve(dir);
  await makeNatsKeys(folder);
  process.stdout.write(
    `# Made by \`basin nats config\`; keys in ${folder}.\nmax_payload: 8MB\n${natsIdentities(folder, accounts)}\n`,
  );
}
