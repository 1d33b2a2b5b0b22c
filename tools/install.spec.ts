import { readFileSync } from "node:fs";
import semver from "semver";
import { describe, expect, it } from "vitest";

interface Locked {
  version?: string;
  engines?: { node?: string };
  hasInstallScript?: boolean;
  link?: boolean;
}
const read = (file: string): unknown => JSON.parse(readFileSync(new URL(`../${file}`, import.meta.url), "utf8"));
const workspace = read("package.json") as { engines: { node: string }; allowScripts: Record<string, boolean> };
const { packages } = read("package-lock.json") as { packages: Record<string, Locked> };
const installed = Object.entries(packages).filter(([path, { link }]) => path.includes("node_modules/") && link !== true);
const nameOf = (path: string): string => path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);

describe("npm ci warns of nothing", () => {
  it("every package runs on the oldest Node that the README promises", () => {
    const oldest = semver.minVersion(workspace.engines.node)?.version ?? "";
    const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
    expect(readme).toContain(`Node ≥ ${oldest.replace(/\.0$/, "")}`);
    const tooNew = installed.filter(([, { engines }]) => engines?.node !== undefined && !semver.satisfies(oldest, engines.node));
    expect(
      tooNew.map(([path, { version, engines }]) => `${nameOf(path)} ${version ?? ""} wants Node ${engines?.node ?? ""}`),
    ).toEqual([]);
  });

  it("every package with an install script is allowed or denied by name", () => {
    const withScript = installed.filter(([, { hasInstallScript }]) => hasInstallScript === true).map(([path]) => nameOf(path));
    expect(withScript.length).toBeGreaterThan(0);
    expect(withScript.filter((name) => workspace.allowScripts[name] === undefined)).toEqual([]);
  });
});
