import { TrainerId } from "@basin/contracts";
import { randomBytes } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** The id of this trainer: drawn at the first start in its directory, and kept there in `trainer-id`. */
export async function trainerIdentity(directory: string): Promise<TrainerId> {
  await mkdir(directory, { recursive: true });
  const path = join(directory, "trainer-id");
  try {
    const found = TrainerId.safeParse((await readFile(path, "utf8")).trim());
    if (found.success) return found.data;
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
  }
  const id = TrainerId.parse(`t-${randomBytes(6).toString("hex")}`);
  await writeFile(path, `${id}\n`);
  return id;
}
