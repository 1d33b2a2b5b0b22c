import { expect, test } from "vitest";
import { readSelection } from "./selection";

test.each([
  ["k3v9x2mq-0-3", { run: "k3v9x2mq-0-3" }],
  ["k3v9x2mq", { sweep: "k3v9x2mq", group: {} }],
  ["k3v9x2mq:activation=tanh", { sweep: "k3v9x2mq", group: { activation: "tanh" } }],
  [
    "k3v9x2mq:hiddenLayers=[64,32],learningRate=1e-3",
    { sweep: "k3v9x2mq", group: { hiddenLayers: [64, 32], learningRate: 0.001 } },
  ],
  ["k3v9x2mq:momentum=null,shuffle=true", { sweep: "k3v9x2mq", group: { momentum: null, shuffle: true } }],
])("%s", (text, selection) => {
  expect(readSelection(text)).toEqual(selection);
});

test.each([
  ["K3", '"K3" is nothing to compare: write a run (k3v9x2mq-0-3), a sweep (k3v9x2mq), or one configuration'],
  ["k3v9x2mq:tanh", '"tanh" of "k3v9x2mq:tanh": write parameter=value'],
  ["k3v9x2mq:a={b: 1}", "is nothing to compare"],
])("%s is refused", (text, message) => {
  expect(() => readSelection(text)).toThrow(message);
});
