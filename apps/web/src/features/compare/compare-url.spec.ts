import { RunId, SweepId } from "@basin/contracts";
import { expect, it } from "vitest";
import { compareStateOf, compareUrl, type CompareState } from "./compare-url";

const sweep = SweepId.parse("k3v9x2mq");
const run = RunId.parse(`${sweep}-0-1`);
const stateOf = (url: string) => compareStateOf(new URL(url, "http://x").searchParams);

it("reads back what it wrote, baseline first", () => {
  const states: CompareState[] = [
    { items: [], differences: true },
    { items: [{ run }], metric: "loss", band: "iqr", log: true, differences: false },
    { items: [{ run }, { sweep, group: { activation: "tanh, relu", learningRate: 1e-3 } }], log: false, differences: true },
    { items: [{ sweep, group: {} }, { sweep, group: { name: "a&b~c" } }, { run }], differences: true },
  ];
  for (const state of states) expect(stateOf(compareUrl(state))).toEqual(state);
});

it("leaves out what is no run and no group", () => {
  expect(stateOf("/compare?runs=nonsense,&groups=%7Bbroken&band=wide").items).toEqual([]);
  expect(stateOf("/compare?band=wide")).toEqual({ items: [], differences: true });
});
