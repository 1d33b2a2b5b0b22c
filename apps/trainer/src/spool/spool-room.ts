import { messageOf } from "@basin/contracts";
import { statfs } from "node:fs/promises";
import type { SpoolLog } from "./spool";

export interface SpoolRoomOptions {
  directory: string;
  /** Nothing is taken while the disk has less than this left; 0: only after a write failed. Null: 256 MiB, or a tenth of a small disk. */
  keepFreeBytes: number | null;
  log: SpoolLog & { info(fields: object, message: string): void };
  /** Default: what the file system says. */
  look?: (directory: string) => Promise<Room>;
}

export interface Room {
  freeBytes: number;
  diskBytes: number;
}

const usualMarkBytes = 256 * 1024 ** 2;
const usualMarkShare = 0.1;
const lookMilliseconds = 1000;
const firstPauseMilliseconds = 1000;
const longestPauseMilliseconds = 60_000;
/** A write that failed and was not followed by another for this long counts as the first again. */
const forgetMilliseconds = 5 * 60_000;

/**
 * Says whether there is room for another pack's spool. None while the disk is below the mark; and none for a while after a write
 * failed, longer each time it happens again, because quotas and limits of a file's size do not show in what is free.
 */
export class SpoolRoom {
  #room: Room = { freeBytes: Infinity, diskBytes: Infinity };
  #pauseMilliseconds = 0;
  #pausedUntil = 0;
  #fault = "";
  #failedAt = -Infinity;
  #timer: NodeJS.Timeout | null = null;
  #short = false;

  constructor(private readonly options: SpoolRoomOptions) {}

  /** Bytes that were free at the last look. */
  get freeBytes(): number {
    return this.#room.freeBytes;
  }

  /** Why no pack is to be taken; null when there is room. */
  get shortage(): string | null {
    const { directory } = this.options;
    const { freeBytes, diskBytes } = this.#room;
    const mark = this.options.keepFreeBytes ?? Math.min(usualMarkBytes, usualMarkShare * diskBytes);
    if (freeBytes < mark)
      return `${directory} has ${mebibytes(freeBytes)} MiB left; no pack is taken below ${mebibytes(mark)} MiB`;
    if (performance.now() < this.#pausedUntil)
      return `a write to ${directory} failed (${this.#fault}); the next pack is taken in a while`;
    return null;
  }

  /** Looks now and then every second, until `stop`. Resolves after the first look. */
  async start(): Promise<void> {
    await this.#look();
    this.#timer = setInterval(() => void this.#look(), lookMilliseconds).unref();
  }

  stop(): void {
    if (this.#timer) clearInterval(this.#timer);
  }

  /** A write to the spool failed. */
  failed(error: unknown): void {
    const now = performance.now();
    // Many writes fail together: the pause grows when one fails after it.
    if (now < this.#pausedUntil) return;
    const again = now - this.#failedAt < forgetMilliseconds;
    this.#pauseMilliseconds = again ? Math.min(this.#pauseMilliseconds * 2, longestPauseMilliseconds) : firstPauseMilliseconds;
    this.#failedAt = now;
    this.#pausedUntil = now + this.#pauseMilliseconds;
    this.#fault = messageOf(error);
    void this.#look();
  }

  async #look(): Promise<void> {
    const { directory, log, look = roomOf } = this.options;
    try {
      this.#room = await look(directory);
    } catch (error) {
      // Whether a write works is seen when one is tried.
      log.warn({ directory, reason: String(error) }, "how much room the disk has cannot be told");
      this.#room = { freeBytes: Infinity, diskBytes: Infinity };
    }
    const { shortage } = this;
    if (shortage !== null && !this.#short) log.warn({ reason: shortage }, "no pack is taken: there is no room for its spool");
    if (shortage === null && this.#short) log.info({}, "there is room again: packs are taken");
    this.#short = shortage !== null;
  }
}

async function roomOf(directory: string): Promise<Room> {
  const { bavail, blocks, bsize } = await statfs(directory);
  return { freeBytes: bavail * bsize, diskBytes: blocks * bsize };
}

function mebibytes(bytes: number): string {
  return (bytes / 1024 ** 2).toFixed(1);
}
