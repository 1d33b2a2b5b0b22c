/** A sweep that has runs to train and trains none. */
export interface WaitingSweep {
  sweep: string;
  priority: number;
  seconds: number;
}

/** A pack in training. */
export interface HeldPack {
  pack: string;
  sweep: string;
  /** Of its sweep. */
  priority: number;
  seconds: number;
}

/** How long a sweep may wait without a slot before it has its turn. `turnSeconds`: how long a pack keeps its slot at least. */
export function longestWaitSeconds(turnSeconds: number): number {
  return turnSeconds / 2;
}

/**
 * Which pack is handed back so that a sweep that waits has its turn; null: none. Only where no slot is free, and for the sweep that waited
 * longest: of the sweeps of no higher priority the one that holds most slots gives, the pack that it has held longest.
 * No pack is handed back sooner than `turnSeconds` after it was taken, since changing costs a checkpoint and a claim.
 * `slots`: of the trainers that can take the packs of all of them.
 */
export function packToHandBack<P extends HeldPack>(
  waiting: readonly WaitingSweep[],
  held: readonly P[],
  { slots, turnSeconds }: { slots: number; turnSeconds: number },
): P | null {
  const [first] = waiting
    .filter(({ seconds }) => seconds >= longestWaitSeconds(turnSeconds))
    .sort((a, b) => b.priority - a.priority || b.seconds - a.seconds);
  if (!first || slots === 0 || held.length < slots) return null;
  const counts = new Map<string, number>();
  for (const { sweep } of held) counts.set(sweep, 1 + (counts.get(sweep) ?? 0));
  const [giver] = held
    .filter(({ sweep, priority, seconds }) => {
      return sweep !== first.sweep && priority <= first.priority && seconds >= turnSeconds;
    })
    .sort((a, b) => a.priority - b.priority || (counts.get(b.sweep) ?? 0) - (counts.get(a.sweep) ?? 0) || b.seconds - a.seconds);
  return giver ?? null;
}
