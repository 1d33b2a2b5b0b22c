import { TokensRepository } from "@basin/database";
import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from "@nestjs/common";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { ServerResponse } from "node:http";
import { askerOf } from "../http/asker";
import { BusyError } from "../http/request-errors";
import type { Log } from "../platform/log";
import { PrometheusSeries } from "../platform/prometheus-series";
import { LOG } from "../platform/injection-keys";
import { ChangeListeners, type FeedEvent, type FeedTopic } from "./change-listeners";

/** Events of the present state, sent when a client connects and after NATS was away. */
type Snapshot = () => Promise<FeedEvent[]>;

interface Client {
  response: ServerResponse;
  snapshot: Snapshot;
  /** Id of the token that opened it; null where none are asked for. */
  token: string | null;
  /** Changes that arrive before the snapshot is sent; null once it is. */
  held: FeedEvent[] | null;
  /** Events on their way, in order: what somebody sees may have to be looked up. */
  line: Promise<void> | null;
  wants: Wants;
  told: Told | null;
}

type Wants = (event: FeedEvent) => boolean | Promise<boolean>;
/** An event as this client is told it. */
type Told = (event: FeedEvent) => Promise<FeedEvent>;

/** Proxies and browsers give up on connections that are silent for longer than about half a minute. */
const heartbeatSeconds = 15;
/** How often it is looked whether the tokens of those who listen count still. */
const tokenCheckSeconds = 1;
/** A client that is this far behind is cut off; it comes back by itself and starts from the present state. */
const mostBufferedBytes = 1024 * 1024;
const mostHeldEvents = 1000;
const retryMilliseconds = 2000;
const mostClients = 1000;

const headers = {
  "content-type": "text/event-stream; charset=utf-8",
  // no-transform: a proxy that compresses would hold events back.
  "cache-control": "no-cache, no-transform",
  "x-accel-buffering": "no",
  connection: "keep-alive",
};

/** The clients of server-sent events of this process. */
@Injectable()
export class EventStreams implements OnModuleInit, OnModuleDestroy {
  private readonly clients = new Set<Client>();
  private heartbeat: NodeJS.Timeout | undefined;
  private tokenCheck: NodeJS.Timeout | undefined;

  constructor(
    @Inject(ChangeListeners) private readonly listeners: ChangeListeners,
    @Inject(TokensRepository) private readonly tokens: TokensRepository,
    @Inject(LOG) private readonly log: Log,
    @Inject(PrometheusSeries) private readonly series: PrometheusSeries,
  ) {}

  onModuleInit(): void {
    this.heartbeat = setInterval(() => {
      for (const client of this.clients) this.write(client, ": still here\n\n");
    }, heartbeatSeconds * 1000).unref();
    this.tokenCheck = setInterval(() => void this.checkTokens(), tokenCheckSeconds * 1000).unref();
    this.listeners.onRestored(() => {
      for (const client of this.clients) void this.present(client);
    });
  }

  onModuleDestroy(): void {
    clearInterval(this.heartbeat);
    clearInterval(this.tokenCheck);
    for (const { response } of this.clients) response.end();
  }

  /** Takes the connection over until the client leaves. `wants` filters; throws BusyError when there are too many clients. */
  async open(
    request: FastifyRequest,
    reply: FastifyReply,
    options: { topic: FeedTopic; snapshot: Snapshot; wants: Wants; told?: Told },
  ): Promise<void> {
    if (this.clients.size >= mostClients) throw new BusyError(`${mostClients} clients are listening already`);
    const response = reply.raw;
    reply.hijack();
    reply.headers(headers);
    for (const [name, value] of Object.entries(reply.getHeaders())) if (value !== undefined) response.setHeader(name, value);
    if (request.method === "HEAD") {
      response.writeHead(200).end();
      return;
    }
    response.on("error", () => undefined);
    const client: Client = {
      response,
      snapshot: options.snapshot,
      token: askerOf(request).token,
      held: [],
      line: null,
      wants: options.wants,
      told: options.told ?? null,
    };
    // The client reads everything when the stream opens: from before then on no change may be missed.
    const leave = await this.listeners.subscribe(options.topic, (event) => this.deliver(client, event));
    if (response.destroyed) {
      leave();
      return;
    }
    response.writeHead(200);
    request.raw.socket.setNoDelay(true);
    this.clients.add(client);
    this.series.counted.eventClients.set(this.clients.size);
    response.once("close", () => {
      this.clients.delete(client);
      this.series.counted.eventClients.set(this.clients.size);
      leave();
    });
    this.write(client, `retry: ${retryMilliseconds}\n\n`);
    await this.present(client);
  }

  /**
   * Ends the streams of tokens that were revoked, on whichever process. The ledger is asked, since a message could be missed; while
   * it cannot be, nobody is cut off.
   */
  private async checkTokens(): Promise<void> {
    const listening = new Set([...this.clients].flatMap(({ token }) => (token === null ? [] : [token])));
    if (listening.size === 0) return;
    try {
      const counting = await this.tokens.stillCounting([...listening]);
      // Who came in the meantime was not asked about.
      for (const { token, response } of this.clients)
        if (token !== null && listening.has(token) && !counting.has(token)) response.end();
    } catch (error) {
      this.log.debug({ reason: String(error) }, "the tokens of the clients of events could not be checked");
    }
  }

  private deliver(client: Client, event: FeedEvent): void {
    const wanted = client.wants(event);
    if (client.line === null && client.told === null && typeof wanted === "boolean") {
      if (wanted) this.give(client, event);
      return;
    }
    const line = Promise.all([wanted, client.line])
      .then(async ([yes]) => {
        if (yes) this.give(client, client.told ? await client.told(event) : event);
      })
      .catch((error: unknown) => {
        this.log.warn({ reason: String(error) }, "a client of events was cut off: what it may see could not be looked up");
        client.response.destroy();
      })
      .finally(() => {
        if (client.line === line) client.line = null;
      });
    client.line = line;
  }

  private give(client: Client, event: FeedEvent): void {
    if (client.held === null) this.write(client, event.text);
    else if (client.held.push(event) > mostHeldEvents) client.response.destroy();
  }

  /** Sends the present state, then what happened while it was read. Cuts the client off when the database is away. */
  private async present(client: Client): Promise<void> {
    client.held ??= [];
    try {
      const events = await client.snapshot();
      for (const event of [...events, ...client.held]) this.write(client, event.text);
      client.held = null;
    } catch (error) {
      this.log.warn({ reason: String(error) }, "the present state could not be read for a client of events");
      client.response.destroy();
    }
  }

  private write({ response }: Client, text: string): void {
    if (response.destroyed || response.writableEnded) return;
    response.write(text);
    if (response.writableLength <= mostBufferedBytes) return;
    this.log.info({ bufferedBytes: response.writableLength }, "a client of events reads too slowly and was cut off");
    response.destroy();
  }
}
