import { appendFileSync, chmodSync, mkdirSync, renameSync, statSync } from "node:fs";
import { dirname } from "node:path";

/** A log file that moves to `<file>.1` when it grows beyond its limit, and remembers its last lines. Its account alone may read it. */
export class RotatingLog {
  #bytes: number;
  #last: string[] = [];
  #open = "";

  constructor(
    readonly file: string,
    private readonly limits: { maxBytes?: number; lines?: number } = {},
  ) {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    try {
      this.#bytes = statSync(file).size;
      chmodSync(file, 0o600);
    } catch {
      this.#bytes = 0;
    }
  }

  /** Appends output as it comes; lines may arrive in pieces. A disk that is full loses the log, not the process. */
  write(chunk: string): void {
    const lines = (this.#open + chunk).split("\n");
    this.#open = (lines.pop() ?? "").slice(-10_000);
    this.#last = [...this.#last, ...lines].slice(-(this.limits.lines ?? 40));
    try {
      if (this.#bytes > (this.limits.maxBytes ?? 5_000_000)) {
        renameSync(this.file, `${this.file}.1`);
        this.#bytes = 0;
      }
      appendFileSync(this.file, chunk, { mode: 0o600 });
      this.#bytes += Buffer.byteLength(chunk);
    } catch {
      return;
    }
  }

  lastLines(count = 20): string[] {
    return [...this.#last, ...(this.#open === "" ? [] : [this.#open])].slice(-count);
  }
}
