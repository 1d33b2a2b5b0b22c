import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { benchmarks } from "./benchmarks";
import { publish } from "./report";

const usage = `Usage: npm run bench -- NAME [--json FILE] [--quick] [--keep FOLDER] [--only PART,PART] [--curves FOLDER]\n\n${Object.entries(
  benchmarks,
)
  .map(([name, { summary, parts }]) => `  ${name.padEnd(10)} ${summary}${parts ? `; parts: ${parts.join(", ")}` : ""}`)
  .join("\n")}\n\nEach starts its own stack on free ports and removes it. --quick measures less, --only some parts;
dashboard: --keep FOLDER keeps the seeded database there and uses it the next time;
search: --curves FOLDER holds taskset-curves.json.gz.`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: "string" },
    only: { type: "string" },
    quick: { type: "boolean", default: false },
    keep: { type: "string" },
    curves: { type: "string" },
    help: { type: "boolean", default: false },
  },
});
const name = positionals[0] ?? "";
const benchmark = benchmarks[name];
if (values.help || benchmark === undefined) {
  console.error(benchmark === undefined && name !== "" ? `There is no benchmark "${name}".\n\n${usage}` : usage);
  process.exit(values.help ? 0 : 2);
}
const only = values.only?.split(",") ?? null;
const unknown = only?.find((part) => !benchmark.parts?.includes(part));
if (unknown !== undefined) {
  console.error(`The benchmark "${name}" has no part "${unknown}".\n\n${usage}`);
  process.exit(2);
}
const startedAt = new Date();
const folder = (path: string | undefined): string | null => (path === undefined ? null : resolve(path));
const options = { quick: values.quick, keep: folder(values.keep), only, curves: folder(values.curves) };
publish(name, startedAt, await benchmark.run(options), values.json);
process.exit(0);
