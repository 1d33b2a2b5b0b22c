import { messageOf } from "@basin/contracts";
import { BackupFault, Database, importSweep, restoreBackup, writeBackup, type BackupSummary } from "@basin/database";
import { createReadStream, createWriteStream, existsSync, rmSync } from "node:fs";
import { open, rename } from "node:fs/promises";
import { parseArgs } from "node:util";
import { createLog } from "./platform/log";

/*
 * node apps/api/dist/ledger.js backup FILE [--sweep ID] | restore FILE | import FILE: the ledger that DATABASE_URL names, into a file and back.
 * `-` is standard output, or input. Each table is a line of JSON on standard error when it is done; so is the whole, or why not. Ends with 2
 * where the file or the ledger does not allow it.
 */

type Progress = (table: BackupSummary["tables"][number]) => void;

const say = (line: object): void => void process.stderr.write(`${JSON.stringify(line)}\n`);

/** Under another name until it is whole and on the disk; what is there already stays. For this account alone: it holds hashes of tokens. */
async function writeFile(file: string, sweep: string | null, database: Database, progress: Progress): Promise<BackupSummary> {
  if (file === "-") return writeBackup(database, process.stdout, { sweep, progress });
  if (existsSync(file)) throw new BackupFault(`${file} is there already; name a file that is not`);
  const draft = `${file}.part`;
  try {
    const summary = await writeBackup(database, createWriteStream(draft, { mode: 0o600 }), { sweep, progress });
    const handle = await open(draft, "r+");
    await handle.sync();
    await handle.close();
    await rename(draft, file);
    return summary;
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}

async function work(database: Database): Promise<BackupSummary> {
  const { positionals, values } = parseArgs({ allowPositionals: true, options: { sweep: { type: "string" } } });
  const [action, file] = positionals;
  if (file === undefined || positionals.length > 2) throw new BackupFault("ledger backup|restore|import FILE");
  const progress: Progress = ({ name, rows, bytes }) => say({ table: name, rows, bytes });
  if (action === "backup") return writeFile(file, values.sweep ?? null, database, progress);
  if (action !== "restore" && action !== "import") throw new BackupFault(`"${action}" is none of backup, restore and import`);
  if (file !== "-" && !existsSync(file)) throw new BackupFault(`there is no file ${file}`);
  const input = file === "-" ? process.stdin : createReadStream(file);
  return action === "restore" ? restoreBackup(database, input, progress) : importSweep(database, input, progress);
}

async function main(): Promise<void> {
  const url = process.env["DATABASE_URL"] ?? "";
  if (!/^postgres(ql)?:\/\//.test(url)) {
    say({ fault: "DATABASE_URL is not set; it must look like postgres://user@host:5432/basin" });
    process.exit(2);
  }
  const database = new Database({ url, log: createLog("silent"), maxConnections: 2 });
  try {
    await database.whenReachable(5);
    const { sweep, madeAt, tables } = await work(database);
    const sum = (of: "rows" | "bytes"): number => tables.reduce((total, table) => total + table[of], 0);
    say({ done: true, sweep, madeAt, tables: tables.length, rows: sum("rows"), bytes: sum("bytes") });
  } catch (error) {
    say({ fault: messageOf(error) });
    process.exitCode = error instanceof BackupFault || (error instanceof Error && error.name === "ZodError") ? 2 : 1;
  } finally {
    await database.close();
  }
}

void main();
