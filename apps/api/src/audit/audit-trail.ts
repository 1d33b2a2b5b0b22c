import { isReading, messageOf } from "@basin/contracts";
import { AuditRepository } from "@basin/database";
import { Inject, Injectable, type OnModuleInit } from "@nestjs/common";
import { HttpAdapterHost } from "@nestjs/core";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { knownAsker } from "../http/asker";
import { routeOf } from "../http/operation";
import type { Log } from "../platform/log";
import { LOG } from "../platform/injection-keys";
import { addressOf } from "../tokens/failed-sign-ins";

const longestTarget = 500;

/**
 * Writes down who changed what, and what came of it, before the answer leaves: what was answered is in the log. Left out are what
 * changes nothing, requests without a token (nobody did nothing), refusals for too many failures, and what workers say of their runs,
 * which the ledger keeps with every attempt.
 */
@Injectable()
export class AuditTrail implements OnModuleInit {
  constructor(
    @Inject(HttpAdapterHost) private readonly host: HttpAdapterHost,
    @Inject(AuditRepository) private readonly audit: AuditRepository,
    @Inject(LOG) private readonly log: Log,
  ) {}

  onModuleInit(): void {
    const fastify = this.host.httpAdapter.getInstance<FastifyInstance>();
    fastify.addHook("onSend", async (request, reply) => {
      await this.#note(request, reply.statusCode);
    });
  }

  async #note(request: FastifyRequest, status: number): Promise<void> {
    const { operation } = request.routeOptions.config;
    const route = routeOf(operation);
    if (operation === undefined || !route || isReading(route) || status === 429) return;
    if (route.role === "trainer" && operation !== "registerWorker") return;
    const asker = knownAsker(request);
    const triedToken = operation === "openSession" || request.headers.authorization !== undefined;
    if (asker === null && !triedToken) return;
    const [path = ""] = request.url.split("?", 1);
    try {
      await this.audit.add({
        who: asker?.name ?? null,
        token: asker?.token ?? null,
        role: asker?.role ?? null,
        project: asker?.project ?? null,
        what: operation,
        target: `${request.method} ${path}`.slice(0, longestTarget),
        status,
        address: addressOf(request),
      });
    } catch (error) {
      this.log.error({ operation, status, reason: messageOf(error) }, "a request could not be written into the audit log");
    }
  }
}
