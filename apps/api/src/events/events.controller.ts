import { RunId, type ChangeV2 } from "@basin/contracts";
import { Database, listTrainers, readActiveSweeps, type StoredSweep } from "@basin/database";
import { Controller, Inject } from "@nestjs/common";
import type { FastifyReply, FastifyRequest } from "fastify";
import { StreamRoute, type RouteInput } from "../http/route-binding";
import type { Env } from "../platform/env";
import { ENV } from "../platform/injection-keys";
import { SweepsService } from "../sweeps/sweeps.service";
import { ChangeListeners } from "./change-listeners";
import { EventStreams } from "./event-streams";

/** A client of all sweeps is told at first about this many that can still change; the list of sweeps has the others. */
const mostSweepsAtFirst = 200;

@Controller()
export class EventsController {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(SweepsService) private readonly sweeps: SweepsService,
    @Inject(ChangeListeners) private readonly listeners: ChangeListeners,
    @Inject(EventStreams) private readonly streams: EventStreams,
    @Inject(ENV) private readonly env: Env,
  ) {}

  @StreamRoute("sweepEvents")
  async sweepEvents({ params }: RouteInput<"sweepEvents">, reply: FastifyReply, request: FastifyRequest): Promise<void> {
    await this.sweeps.get(params.sweep);
    await this.streams.open(request, reply, {
      topic: params.sweep,
      snapshot: async () => [this.listeners.format(changeOf(await this.sweeps.get(params.sweep)))],
      wants: () => true,
    });
  }

  @StreamRoute("events")
  async events(_input: RouteInput<"events">, reply: FastifyReply, request: FastifyRequest): Promise<void> {
    await this.streams.open(request, reply, {
      topic: "all",
      snapshot: async () =>
        (await readActiveSweeps(this.database, mostSweepsAtFirst)).map((sweep) => this.listeners.format(changeOf(sweep))),
      wants: ({ change }) => change.type !== "metrics",
    });
  }

  /** The ledger knows who is there; what each trains comes with its next heartbeat. */
  @StreamRoute("trainerEvents")
  async trainerEvents(_input: RouteInput<"trainerEvents">, reply: FastifyReply, request: FastifyRequest): Promise<void> {
    await this.streams.open(request, reply, {
      topic: "trainers",
      snapshot: async () =>
        (await listTrainers(this.database, { leaseSeconds: this.env.leaseSeconds })).map(({ id, state, lastSignAt }) =>
          this.listeners.format({ v: 1, type: "trainer", trainer: id, state, at: lastSignAt, packs: null }),
        ),
      wants: () => true,
    });
  }
}

function changeOf(sweep: StoredSweep): ChangeV2 {
  const best = sweep.best && { run: RunId.parse(sweep.best.run), value: sweep.best.value };
  return { v: 2, type: "sweep", sweep: sweep.id, state: sweep.state, counts: sweep.counts, best };
}
