import {
  ApiError,
  idempotencyHeader,
  messageOf,
  newIdempotencyKey,
  routes,
  routeUrl,
  type AnswerOf,
  type CallInput,
  type Route,
  type RouteName,
} from "@basin/contracts";
import { answerOf, refusalOf } from "./answer";
import { pausesOf, repeated } from "./repeat";

interface ClientOptions {
  /** Origin of the API, e.g. `http://127.0.0.1:4001`; "": that of the page. */
  url: string;
  /** Sent with every request, where the API asks for one. */
  token?: string | undefined;
  fetch?: typeof fetch;
  /** Reads (GET) are sent again, up to three times, where no answer comes. Default: true. */
  repeatReads?: boolean;
}

export interface CallOptions {
  signal?: AbortSignal;
  /** Of a route that is done once; default: a new one with each call. */
  key?: string;
  /** Sent again for so long while nobody answers. For requests of which the caller knows that they may be repeated. */
  patienceSeconds?: number;
}

/** Routes that take a file. */
type UploadRoute = { [N in RouteName]: (typeof routes)[N] extends { upload: string } ? N : never }[RouteName];

/**
 * A Basin over HTTP, typed by its routes, for Node and for browsers. What is done once (`Route.once`) is sent with a key and, where no answer comes,
 * sent again with the same one; reads are sent again too. Everything throws ApiError: with the status, the code and the issues that were answered, or with
 * status 0 where nothing was.
 */
export class BasinClient {
  readonly #options: ClientOptions;

  constructor(options: ClientOptions) {
    this.#options = options;
  }

  /** Calls a JSON route and checks the answer against its schema. */
  async call<N extends RouteName>(name: N, input: CallInput<N>, options: CallOptions = {}): Promise<AnswerOf<N>> {
    const { once, method }: Route = routes[name];
    const key = once === true ? (options.key ?? newIdempotencyKey()) : undefined;
    const body = (input as { body?: unknown }).body;
    const send = async (): Promise<AnswerOf<N>> => {
      const response = await this.#send(name, input, {
        ...options,
        ...(body === undefined ? {} : { body: JSON.stringify(body), type: "application/json" }),
        headers: key === undefined ? {} : { [idempotencyHeader]: key },
      });
      return answerOf(name, response.status, await whole(response.text()));
    };
    const repeats = options.patienceSeconds !== undefined || once === true || (method === "GET" && this.#repeats(undefined));
    return repeats ? repeated(send, pausesOf(options.patienceSeconds), options.signal) : send();
  }

  /** Address of a route, e.g. for links. */
  url<N extends RouteName>(name: N, input: CallInput<N>): string {
    return routeUrl(this.#options.url, name, input);
  }

  /** Sends a file to a route that takes one. */
  async upload<N extends UploadRoute>(
    name: N,
    input: CallInput<N>,
    file: Blob | Uint8Array<ArrayBuffer>,
    options: CallOptions = {},
  ): Promise<AnswerOf<N>> {
    const type = routes[name].upload;
    const send = async (): Promise<AnswerOf<N>> => {
      const response = await this.#send(name, input, { ...options, body: file, type });
      return answerOf(name, response.status, await whole(response.text()));
    };
    return options.patienceSeconds === undefined ? send() : repeated(send, pausesOf(options.patienceSeconds), options.signal);
  }

  /** What a route answers that is no JSON, its body still to be read. `range`: of its bytes, e.g. `bytes=0-99`. */
  download<N extends RouteName>(
    name: N,
    input: CallInput<N>,
    { patienceSeconds, ...options }: CallOptions & { range?: string | undefined } = {},
  ): Promise<Response> {
    const get = (): Promise<Response> => this.#get(name, input, options);
    return this.#repeats(patienceSeconds) ? repeated(get, pausesOf(patienceSeconds), options.signal) : get();
  }

  /** All bytes of what `download` answers; one that breaks off is asked for again like one that does not come. */
  content<N extends RouteName>(
    name: N,
    input: CallInput<N>,
    options: CallOptions & { range?: string | undefined } = {},
  ): Promise<Uint8Array> {
    const { patienceSeconds, ...once } = options;
    const get = async (): Promise<Uint8Array> => {
      const response = await this.#get(name, input, once);
      return new Uint8Array(await whole(response.arrayBuffer()));
    };
    return this.#repeats(patienceSeconds) ? repeated(get, pausesOf(patienceSeconds), options.signal) : get();
  }

  #repeats(patienceSeconds: number | undefined): boolean {
    return patienceSeconds !== undefined || this.#options.repeatReads !== false;
  }

  async #get<N extends RouteName>(
    name: N,
    input: CallInput<N>,
    { range, ...options }: { range?: string | undefined; signal?: AbortSignal },
  ): Promise<Response> {
    const response = await this.#send(name, input, { ...options, headers: range === undefined ? {} : { range } });
    if (!response.ok) throw refusalOf(name, response.status, await whole(response.text()));
    return response;
  }

  async #send<N extends RouteName>(
    name: N,
    input: CallInput<N>,
    {
      body,
      type,
      headers = {},
      signal,
    }: { body?: BodyInit; type?: string; headers?: Record<string, string>; signal?: AbortSignal },
  ): Promise<Response> {
    const { url, token, fetch: ask = fetch } = this.#options;
    try {
      return await ask(routeUrl(url, name, input), {
        method: routes[name].method,
        ...(body === undefined ? {} : { body }),
        headers: {
          ...(type === undefined ? {} : { "content-type": type }),
          ...headers,
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        },
        ...(signal ? { signal } : {}),
      });
    } catch (cause) {
      if (signal?.aborted) throw cause;
      throw new ApiError(0, "unreachable", `no answer from ${url || "the API"}: ${messageOf(cause)}`, []);
    }
  }
}

/** A body that breaks off is an answer that did not come. */
async function whole<T>(body: Promise<T>): Promise<T> {
  try {
    return await body;
  } catch (cause) {
    if (cause instanceof Error && cause.name === "AbortError") throw cause;
    throw new ApiError(0, "unreachable", `the answer broke off: ${messageOf(cause)}`, []);
  }
}

/** One call of a Basin at `url`, sent once unless its route is done once. Throws ApiError. */
export const call = <N extends RouteName>(
  url: string,
  name: N,
  input: CallInput<N>,
  { fetch, token, ...options }: CallOptions & Pick<ClientOptions, "fetch" | "token"> = {},
): Promise<AnswerOf<N>> =>
  new BasinClient({ url, token, repeatReads: false, ...(fetch ? { fetch } : {}) }).call(name, input, options);
