import { openBackend } from "@basin/engine";
import { configurationOf } from "@basin/problems";
import { beforeAll, expect, it } from "vitest";
import { trainPack } from "../testing/recorded-pack";
import { logicGates, lossMinimization, smallNetwork } from "../testing/small-experiments";

beforeAll(async () => {
  await openBackend("wasm");
});

it("a finished run brings the plots that its experiment declares, unless they are switched off", async () => {
  const cases = [
    [lossMinimization, smallNetwork({ epochs: 4, hiddenLayers: [4], plots: true })],
    [logicGates, configurationOf(logicGates, { epochs: 1 })],
  ] as const;
  for (const [definition, parameters] of cases) {
    const [shown, silent] = await trainPack(definition, [
      { seed: 1, parameters },
      { seed: 1, parameters: { ...parameters, plots: false } },
    ]);
    const names = (shown?.result?.artifacts ?? []).map(({ name }) => name);
    expect(names).toEqual(["weights.safetensors", ...definition.plots.map(({ id }) => `plots/${id}.json`)]);
    expect(silent?.result?.artifacts).toHaveLength(1);
    expect(silent?.result?.metrics).toEqual(shown?.result?.metrics);
  }
});
