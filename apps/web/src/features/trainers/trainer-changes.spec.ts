import { PackId, SweepId, type Trainer, type TrainerChangeV1, TrainerId } from "@basin/contracts";
import { expect, it } from "vitest";
import { withPackChanges, withTrainerChanges } from "./trainer-changes";

const trainer: Trainer = {
  id: TrainerId.parse("t-1"),
  name: "trainer-1",
  pool: "default",
  state: "online",
  backend: "wasm",
  backendReason: "",
  device: "",
  slots: 2,
  version: "0.1.0",
  build: "3fa94c1b20de",
  host: "h",
  runningRuns: 7,
  waits: null,
  registeredAt: "2026-01-01T00:00:00.000Z",
  lastSignAt: "2026-01-01T00:00:00.000Z",
};
const pack = (last: number, runs: number, step: number) => ({
  pack: PackId.parse(`6f9c1d52-0b7e-4c55-9a38-2f7d1c0e4b1${last}`),
  sweep: SweepId.parse("k3v9x2mq"),
  runs,
  step,
});
const change = (packs: TrainerChangeV1["packs"], more: Partial<TrainerChangeV1> = {}): TrainerChangeV1 => ({
  v: 1,
  type: "trainer",
  trainer: trainer.id,
  state: "online",
  at: "2026-01-01T00:00:09.000Z",
  packs,
  ...more,
});

it("follows state, last sign and runs; what a change does not say stays", () => {
  const told = withTrainerChanges([trainer], [change([pack(1, 4, 9), pack(2, 1, 0)]), change(null, { state: "draining" })]);
  expect(told).toEqual({
    unknown: false,
    trainers: [{ ...trainer, state: "draining", lastSignAt: "2026-01-01T00:00:09.000Z", runningRuns: 5 }],
  });
  expect(withTrainerChanges([trainer], [change(null)]).trainers[0]?.runningRuns).toBe(7);
  expect(withTrainerChanges([trainer], [change(null, { trainer: TrainerId.parse("t-2") })])).toEqual({
    unknown: true,
    trainers: [trainer],
  });
});

it("tells a pack that began or ended from one that goes on", () => {
  const began = withPackChanges(new Map(), [change([pack(1, 4, 9)])]);
  expect(began.moved).toBe(true);
  const on = withPackChanges(began.packs, [change(null), change([pack(1, 3, 12)])]);
  expect(on.moved).toBe(false);
  expect(on.packs.get(trainer.id)).toEqual([pack(1, 3, 12)]);
  expect(withPackChanges(on.packs, [change([])]).moved).toBe(true);
});
