import { configurationOf, findExperiment } from "@basin/problems";
import { beforeAll, expect, it } from "vitest";
import { trainPack } from "../testing/recorded-pack";
import { openSuiteBackend } from "../testing/suite-backend";

beforeAll(openSuiteBackend, 60_000);

it(
  "solves Burgers' equation with its shock within 1 %, from the first of the seeds of its plan",
  { timeout: 600_000 },
  async () => {
    const definition = findExperiment("pinn-benchmarks");
    if (!definition) throw new Error("no pinn-benchmarks");
    const parameters = configurationOf(definition, { epochs: 1700, lbfgsSteps: 1400, plots: false });
    const [run] = await trainPack(definition, [{ seed: 1, parameters }]);
    expect(run?.result?.outcome).toBe("succeeded");
    expect(run?.result?.metrics["relativeL2"]).toBeLessThan(0.01);
  },
);
