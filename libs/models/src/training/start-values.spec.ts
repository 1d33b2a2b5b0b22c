import { openBackend } from "@basin/engine";
import { checkStarts, configurationOf, experiments, findExperiment, noResources } from "@basin/problems";
import type { Configuration } from "@basin/contracts";
import { beforeAll, describe, expect, it } from "vitest";
import { runsOf, subjects } from "../testing/conformance-subjects";
import { after, startPack, trainPack, type Recording } from "../testing/recorded-pack";
import { logicGates } from "../testing/small-experiments";

beforeAll(async () => {
  await openBackend("wasm");
});

const reference = "Qk3m9xT2ab-0-0/0195e3a0-0000-7000-8000-000000000000";
const parameters = (changes: Configuration): Configuration =>
  configurationOf(logicGates, { epochs: 5, batchSize: 0, plots: false, ...changes });

async function trained(changes: Configuration): Promise<Uint8Array> {
  const [run] = await trainPack(logicGates, [{ seed: 3, parameters: parameters(changes) }]);
  return weightsOf(run);
}

function weightsOf(run: Recording | undefined): Uint8Array {
  const file = run?.result?.artifacts.find(({ kind }) => kind === "weights");
  if (!file) throw new Error("no weights");
  return file.content;
}

const bringing = (file: Uint8Array) => ({
  dataset: () => {
    throw new Error("no dataset");
  },
  weights: () => file,
});

describe("starting from the weights of another run", () => {
  it("begins with the loss that the other ended with, whatever the seed, beside runs that start afresh", async () => {
    const file = await trained({ epochs: 40 });
    const runs = [7, 8].map((seed) => ({ seed, parameters: parameters({ startFrom: reference }) }));
    const afresh = { seed: 7, parameters: parameters({}) };
    const [first, second, third] = await trainPack(logicGates, [runs[0]!, runs[1]!, afresh], bringing(file));
    const [other] = await trainPack(logicGates, [{ seed: 3, parameters: parameters({ epochs: 40 }) }]);
    const before = first?.series["loss"]?.[0]?.[1] ?? NaN;
    expect(before).toBeCloseTo(other?.result?.metrics["loss"] ?? NaN, 6);
    expect(second?.series["loss"]).toEqual(first?.series["loss"]);
    expect(third).toEqual((await trainPack(logicGates, [afresh]))[0]);
  });

  it("is refused for another network, by the family and before that by the catalogue", async () => {
    const file = await trained({ hiddenLayers: [3] });
    const start = startPack(
      logicGates,
      [{ seed: 1, parameters: parameters({ hiddenLayers: [4], startFrom: reference }) }],
      bringing(file),
    );
    await expect(start).rejects.toThrow(
      "The weights to start from are another network's: layers.0.weight is [2, 3], not [2, 4].",
    );
    const definition = findExperiment("logic-gates");
    if (!definition) throw new Error("no logic-gates");
    const faults = (metadata: Record<string, string>, hiddenLayers: number[]) =>
      checkStarts(
        definition,
        { startFrom: { type: "fixed", value: reference }, hiddenLayers: { type: "fixed", value: hiddenLayers } },
        () => undefined,
        new Map([[reference, metadata]]),
      );
    expect(faults({ family: "mlp", widths: "2,3,1" }, [3])).toEqual([]);
    expect(faults({ family: "mlp", widths: "2,3,1" }, [4])).toEqual([
      {
        path: "space.startFrom",
        message: "its network has layers of 2-3-1, and this one of 2-4-1",
        hint: "with hiddenLayers [3] and as many inputs and outputs it would fit",
      },
    ]);
    expect(faults({ family: "cnn" }, [3])).toEqual([
      { path: "space.startFrom", message: "its network is of the family cnn, not mlp", hint: "name a run of the family mlp" },
    ]);
  });
});

const families = ["mlp", "cnn", "autoencoder", "custom-loss", "pinn", "rollout", "sindy-autoencoder"];

it("is refused for no experiment whose weights the others are", () => {
  const told = experiments.flatMap((definition) => {
    const { family, problem } = definition;
    const parameters = configurationOf(definition, {});
    const ends = (): [inputs: number, outputs: number] | null => {
      if (problem.kind === "custom-loss") return [problem.inputWidth, problem.outputWidth];
      if (problem.kind === "rollout") {
        const { inputs, outputs } = problem.loop(parameters, noResources);
        return [inputs.length, outputs];
      }
      if (problem.kind !== "differential-equation") return null;
      const { coordinates, components } = problem.system(parameters, noResources);
      return [coordinates, components];
    };
    const [inputs, outputs] = ends() ?? [0, 0];
    if (inputs === 0) return [];
    const { hiddenLayers, cell } = parameters as { hiddenLayers: number[]; cell?: string };
    const memory = cell === "elman" ? (hiddenLayers.at(-1) ?? 0) : 0;
    const widths = [inputs + memory, ...hiddenLayers, outputs].join(",");
    const space = { startFrom: { type: "fixed", value: reference } } as const;
    return [
      [definition.id, checkStarts(definition, space, () => undefined, new Map([[reference, { family, widths }]]))] as const,
    ];
  });
  expect(told.length).toBeGreaterThan(12);
  expect(told.filter(([, issues]) => issues.length > 0)).toEqual([]);
});

describe.each(families.flatMap((family) => subjects.find((subject) => subject.family === family) ?? []))(
  "starting from weights: $family",
  (subject) => {
    const { definition } = subject;
    const afresh = runsOf(subject, 4);
    // The third of the pack starts from its own initialization.
    const runs = afresh.map((run, i) => ({ ...run, parameters: { ...run.parameters, startFrom: i === 2 ? "" : reference } }));

    it("has the same bits alone and in a pack, and after a checkpoint", async () => {
      const [other] = await trainPack(definition, afresh.slice(0, 1));
      const weights = bringing(weightsOf(other));
      const pack = await trainPack(definition, runs, weights);
      for (const i of [1, 3]) expect((await trainPack(definition, [runs[i]!], weights))[0]).toEqual(pack[i]);
      const usual = await trainPack(definition, afresh.slice(2));
      expect(usual[0]).toEqual(pack[2]);
      expect(usual[1]?.series).not.toEqual(pack[3]?.series);
      if (subject.family === "pinn")
        expect(pack[3]?.series["loss"]?.[0]?.[1]).toBeCloseTo(other?.result?.metrics["loss"] ?? NaN, 5);
      const first = await startPack(definition, runs, weights);
      await first.program.advance();
      const checkpoint = await first.program.checkpoint(1);
      first.program.dispose();
      const [resumed] = await trainPack(definition, [{ ...runs[1]!, checkpoint, attempt: 2 }], weights);
      expect(resumed).toEqual(after(pack[1]!, 1));
    });
  },
);
