import type { FastifyRequest } from "fastify";
import { TooManyFailuresError } from "../http/request-errors";

/** So many tokens that do not count may come from an address at once; after that one every `pauseSeconds`. */
const burst = 10;
const pauseSeconds = 6;
const mostAddresses = 20_000;

const isLoopback = (address: string): boolean => address === "::1" || address.startsWith("127.");

/**
 * From where a request comes. The dashboard's server, and a proxy before it, are on this machine and say whom they speak for; of what stands in
 * that header only what the last of them added counts, since a sender may have written the rest.
 */
export function addressOf({ headers, socket }: Pick<FastifyRequest, "headers" | "socket">): string {
  const direct = (socket.remoteAddress ?? "").replace(/^::ffff:/i, "");
  if (!isLoopback(direct)) return direct;
  const told = String(headers["x-forwarded-for"] ?? "")
    .split(",")
    .map((part) => part.trim().replace(/^::ffff:/i, ""))
    .filter((part) => /^[0-9a-f.:]{2,45}$/i.test(part));
  return told.findLast((address) => !isLoopback(address)) ?? direct;
}

/**
 * Slows down who tries tokens: by the address from which they come, in this process. A token that counts is never refused, so that nobody locks
 * out who shares their address; 192 random bits are not found by trying, and what is refused here costs neither a line of the audit log nor an
 * answer that tells anything.
 */
export class FailedSignIns {
  readonly #failures = new Map<string, { left: number; at: number }>();

  constructor(private readonly now: () => number = () => performance.now() / 1000) {}

  /** One more. Throws TooManyFailuresError after too many. */
  note(address: string): void {
    const left = this.#left(address);
    if (left < 1) throw new TooManyFailuresError(Math.ceil((1 - left) * pauseSeconds));
    if (this.#failures.size >= mostAddresses) this.#failures.clear();
    this.#failures.set(address, { left: left - 1, at: this.now() });
  }

  #left(address: string): number {
    const known = this.#failures.get(address);
    return known ? Math.min(burst, known.left + (this.now() - known.at) / pauseSeconds) : burst;
  }
}
