import type { SweepEstimate, SweepRequest } from "@basin/contracts";
import { Database, listTrainers, readTrainSeconds } from "@basin/database";
import { quantile } from "@basin/numerics";
import { Inject, Injectable } from "@nestjs/common";
import { type Asker } from "../http/asker";
import type { Env } from "../platform/env";
import { ENV } from "../platform/injection-keys";
import { ProjectsService } from "../projects/projects.service";
import { SweepsService } from "../sweeps/sweeps.service";

/** Runs looked at per sweep, of the five newest sweeps of the experiment. */
const runsPerSweep = 400;

@Injectable()
export class EstimateService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(ProjectsService) private readonly projects: ProjectsService,
    @Inject(SweepsService) private readonly sweeps: SweepsService,
    @Inject(ENV) private readonly env: Env,
  ) {}

  /**
   * A run's share of its slot is its training time over the width of its pack; a sweep takes the median share times its runs over
   * the pool's slots. Other parameters than those of past runs can make this wrong by any factor: the quartiles show how much
   * past runs differed.
   */
  async estimate(spec: SweepRequest, asker: Asker): Promise<SweepEstimate> {
    const { runs } = await this.sweeps.preview(spec, asker);
    const pool = spec.pool ?? (await this.projects.poolFor(asker));
    const [past, trainers] = await Promise.all([
      readTrainSeconds(this.database, spec.experiment, runsPerSweep),
      listTrainers(this.database, { pool, leaseSeconds: this.env.leaseSeconds }),
    ]);
    const slots = trainers.reduce((sum, { state, slots: own }) => sum + (state === "online" ? own : 0), 0);
    const shares = past.map(({ trainSeconds, packWidth }) => trainSeconds / packWidth);
    const at = (q: number): number => quantile(shares, q);
    const secondsPerRun = shares.length === 0 ? null : { median: at(0.5), q1: at(0.25), q3: at(0.75), runs: shares.length };
    const total = (perRun: number): number => (perRun * (runs ?? 0)) / Math.max(1, slots);
    const seconds =
      secondsPerRun === null || runs === null
        ? null
        : { median: total(secondsPerRun.median), q1: total(secondsPerRun.q1), q3: total(secondsPerRun.q3) };
    return { runs, slots, secondsPerRun, seconds, reading: readingOf(runs, slots, secondsPerRun) };
  }
}

function readingOf(runs: number | null, slots: number, perRun: SweepEstimate["secondsPerRun"]): string {
  if (perRun === null) return "No run of this experiment has finished yet, so there is nothing to judge by.";
  const basis = `Judged by ${perRun.runs} past runs of this experiment, which may have had other parameters`;
  if (runs === null) return `${basis}; how many runs there will be is decided while the sweep runs.`;
  if (slots === 0) return `${basis}. No trainer of this pool is online: this is the time that one slot would take.`;
  return `${basis}, on ${slots} ${slots === 1 ? "slot" : "slots"}.`;
}
