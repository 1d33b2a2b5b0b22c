import type { Trainer, TrainerChangeV1, TrainerId } from "@basin/contracts";

/** A pack as its trainer's heartbeats tell of it. */
export type LivePack = NonNullable<TrainerChangeV1["packs"]>[number];
export type LivePacks = ReadonlyMap<TrainerId, readonly LivePack[]>;

/** The trainers as they are after the changes; `unknown`: a change is about one that is not listed. */
export function withTrainerChanges(
  trainers: readonly Trainer[],
  changes: readonly TrainerChangeV1[],
): { trainers: Trainer[]; unknown: boolean } {
  const newest = new Map(changes.map((change) => [change.trainer, change]));
  const listed = new Set(trainers.map(({ id }) => id));
  // What it trains may come before the newest change, which can say nothing of it.
  const packs = new Map(changes.flatMap((change) => (change.packs ? [[change.trainer, change.packs] as const] : [])));
  return {
    unknown: [...newest.keys()].some((id) => !listed.has(id)),
    trainers: trainers.map((trainer) => {
      const change = newest.get(trainer.id);
      if (!change) return trainer;
      const held = packs.get(trainer.id);
      return {
        ...trainer,
        state: change.state,
        lastSignAt: change.at,
        runningRuns: held ? held.reduce((sum, { runs }) => sum + runs, 0) : trainer.runningRuns,
      };
    }),
  };
}

/** The packs after the changes, and whether one began or ended. */
export function withPackChanges(before: LivePacks, changes: readonly TrainerChangeV1[]): { packs: LivePacks; moved: boolean } {
  const packs = new Map(before);
  let moved = false;
  for (const change of changes) {
    if (!change.packs) continue;
    const names = (held: readonly LivePack[]) => held.map(({ pack }) => pack).join(" ");
    moved ||= names(packs.get(change.trainer) ?? []) !== names(change.packs);
    packs.set(change.trainer, change.packs);
  }
  return { packs, moved };
}
