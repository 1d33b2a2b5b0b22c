import { Database } from "@basin/database";
import { linkOf, type NatsConnection } from "@basin/messaging";
import { Controller, Get, HttpException, Inject } from "@nestjs/common";
import { Operation } from "../http/operation";
import { LeaderElection } from "../platform/leader-election";
import { NATS } from "../platform/injection-keys";

interface Readiness {
  ready: boolean;
  /** Null: fine; otherwise what is wrong. */
  parts: { postgres: string | null; nats: string | null };
  leader: boolean;
}

/** `/health`: the process serves. `/ready`: it can do its work; 503 names the part that is not there. */
@Controller()
export class HealthController {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(NATS) private readonly nats: NatsConnection,
    @Inject(LeaderElection) private readonly election: LeaderElection,
  ) {}

  @Get(["health", "health/live"])
  @Operation("health")
  health(): { status: string; uptimeSeconds: number; rssBytes: number } {
    return { status: "ok", uptimeSeconds: Math.round(process.uptime()), rssBytes: process.memoryUsage.rss() };
  }

  @Get(["ready", "health/ready"])
  @Operation("ready")
  async ready(): Promise<Readiness> {
    const postgres = await this.database.trouble();
    const nats = linkOf(this.nats).connected ? null : "NATS is not connected";
    const readiness = { ready: postgres === null && nats === null, parts: { postgres, nats }, leader: this.election.leads };
    if (!readiness.ready) throw new HttpException(readiness, 503);
    return readiness;
  }
}
