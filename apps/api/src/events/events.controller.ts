import { RunId, type ChangeV2, type SweepId } from "@basin/contracts";
import { Database, listTrainers, readActiveSweeps, type StoredSweep } from "@basin/database";
import { Controller, Inject } from "@nestjs/common";
import type { FastifyReply, FastifyRequest } from "fastify";
import { seenProject, type Asker } from "../http/asker";
import { StreamRoute, type RouteInput } from "../http/route-binding";
import type { Env } from "../platform/env";
import { ENV } from "../platform/injection-keys";
import { SweepsService } from "../sweeps/sweeps.service";
import { Reach } from "../tokens/reach.service";
import { ChangeListeners, type FeedEvent } from "./change-listeners";
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
    @Inject(Reach) private readonly reach: Reach,
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
  async events({ asker }: RouteInput<"events">, reply: FastifyReply, request: FastifyRequest): Promise<void> {
    await this.streams.open(request, reply, {
      topic: "all",
      snapshot: async () =>
        (await readActiveSweeps(this.database, mostSweepsAtFirst, seenProject(asker))).map((sweep) =>
          this.listeners.format(changeOf(sweep)),
        ),
      wants: ({ change }) => change.type !== "metrics" && change.type !== "trainer" && this.#seesSweep(change.sweep, asker),
    });
  }

  /** The ledger knows who is there; what each trains comes with its next heartbeat. */
  @StreamRoute("trainerEvents")
  async trainerEvents({ asker }: RouteInput<"trainerEvents">, reply: FastifyReply, request: FastifyRequest): Promise<void> {
    await this.streams.open(request, reply, {
      topic: "trainers",
      snapshot: async () =>
        (await listTrainers(this.database, { leaseSeconds: this.env.leaseSeconds })).map(({ id, state, lastSignAt }) =>
          this.listeners.format({ v: 1, type: "trainer", trainer: id, state, at: lastSignAt, packs: null }),
        ),
      wants: () => true,
      ...(asker.role === "admin" ? {} : { told: (event) => this.#withoutOthers(event, asker) }),
    });
  }

  /** At once for an admin; for others after a look into the ledger, whose answer is remembered. */
  #seesSweep(id: SweepId, asker: Asker): boolean | Promise<boolean> {
    return asker.role === "admin" || this.reach.seesSweep(id, asker);
  }

  /** What a trainer trains of other projects is left out. */
  async #withoutOthers(event: FeedEvent, asker: Asker): Promise<FeedEvent> {
    const { change } = event;
    if (change.type !== "trainer" || change.packs === null || change.packs.length === 0) return event;
    const seen = await Promise.all(change.packs.map(({ sweep }) => this.reach.seesSweep(sweep, asker)));
    return this.listeners.format({ ...change, packs: change.packs.filter((_, i) => seen[i] === true) });
  }
}

function changeOf(sweep: StoredSweep): ChangeV2 {
  const best = sweep.best && { run: RunId.parse(sweep.best.run), value: sweep.best.value };
  return { v: 2, type: "sweep", sweep: sweep.id, state: sweep.state, counts: sweep.counts, best };
}
