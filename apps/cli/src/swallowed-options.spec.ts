import { Command } from "commander";
import { expect, it } from "vitest";
import { refuseSwallowedOptions } from "./swallowed-options";

const command = new Command("submit").option("--dry-run").option("--group-by <list>").option("-o, --output <file>");
// As npm 11.19 hands it to `npm run basin sweep submit x.yaml --dry-run --group-by a`.
const npm = { npm_lifecycle_event: "basin", npm_config_dry_run: "true" };

it("refuses an option that npm kept, and says how to write it", () => {
  expect(() => refuseSwallowedOptions(command, npm)).toThrow("npm took --dry-run for itself, so nothing was done");
  expect(() => refuseSwallowedOptions(command, { ...npm, npm_config_group_by: "true" })).toThrow("--dry-run and --group-by");
});

it("lets be what concerns another command, or did not come through npm", () => {
  expect(() => refuseSwallowedOptions(command, { npm_lifecycle_event: "basin", npm_config_json: "true" })).not.toThrow();
  expect(() => refuseSwallowedOptions(command, { npm_config_dry_run: "true" })).not.toThrow();
  expect(() => refuseSwallowedOptions(command, { ...npm, npm_lifecycle_event: "npx" })).not.toThrow();
});
