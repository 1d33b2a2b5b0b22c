import { unversionedBuild, type BuildId, type BuildOnline, type RunCounts, type SweepState } from "@basin/contracts";

/** A trainer that takes packs and can train the sweep. */
export interface BuildPlace {
  build: BuildId;
  version: string;
  slots: number;
}

export interface SweepBuild {
  /** Null: its runs were never queued for anybody. */
  build: BuildId | null;
  /** An attempt was granted: from then on the build is the sweep's. */
  begun: boolean;
}

/** Whether a trainer's build is this one, whatever extensions it loaded. */
export function isOfBuild(build: BuildId, own: BuildId): boolean {
  return build === own || build.startsWith(`${own}-`);
}

/** Builds of these trainers, those with most slots first. */
export function buildsOnline(places: readonly BuildPlace[]): BuildOnline[] {
  const builds = new Map<BuildId, BuildOnline>();
  for (const { build: id, version, slots } of places) {
    const known = builds.get(id);
    builds.set(id, {
      id,
      version: id === unversionedBuild ? null : version,
      trainers: 1 + (known?.trainers ?? 0),
      slots: slots + (known?.slots ?? 0),
    });
  }
  return [...builds.values()].sort((a, b) => b.slots - a.slots || (a.id < b.id ? -1 : 1));
}

/**
 * The build that a sweep's runs are queued for; null: nobody is there. A sweep that has begun keeps its build whoever is there. One
 * that has not takes the control plane's own where a trainer has it (extensions apart), else stays, else takes the one with most slots.
 */
export function chooseBuild({ build, begun }: SweepBuild, places: readonly BuildPlace[], own: BuildId | null): BuildId | null {
  if (begun) return build ?? unversionedBuild;
  const online = buildsOnline(places).map(({ id }) => id);
  const preferred = online.find((id) => own !== null && isOfBuild(id, own));
  return preferred ?? online.find((id) => id === build) ?? online[0] ?? null;
}

/**
 * Whether a sweep can go on only with trainers of its build while none is there, and which builds are there instead. Null: it does
 * not wait for that.
 */
export function waitingFor(
  sweep: SweepBuild & { state: SweepState; counts: Pick<RunCounts, "pending" | "queued" | "running"> },
  places: readonly BuildPlace[],
): { others: BuildOnline[] } | null {
  const { state, begun, counts } = sweep;
  if (state !== "running" || !begun || counts.running > 0 || counts.pending + counts.queued === 0) return null;
  const own = chooseBuild(sweep, places, null);
  const online = buildsOnline(places);
  return online.some(({ id }) => id === own) ? null : { others: online };
}
