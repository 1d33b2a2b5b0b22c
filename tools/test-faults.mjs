// npm run test:faults -- [--schedules 30] [--from SEED] [--json FILE]: random schedules of faults over real processes, seed by seed.
import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: { schedules: { type: "string", default: "30" }, from: { type: "string", default: "1" }, json: { type: "string" } },
});
for (const name of ["schedules", "from"]) {
  if (!/^[1-9]\d{0,8}$/.test(values[name])) {
    process.stderr.write(`--${name} ${values[name]}: it must be a whole number from 1 on\n`);
    process.exit(2);
  }
}
const { status } = spawnSync("npx", ["--no-install", "vitest", "run", "--project", "faults"], {
  stdio: "inherit",
  env: {
    ...process.env,
    BASIN_FAULTS_SCHEDULES: values.schedules,
    BASIN_FAULTS_FROM: values.from,
    ...(values.json === undefined ? {} : { BASIN_FAULTS_JSON: resolve(values.json) }),
  },
});
process.exit(status ?? 1);
