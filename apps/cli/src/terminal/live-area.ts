import type { WriteStream } from "node:tty";
import { fit } from "./text-width";

/** Lines at the bottom of a terminal that are drawn again in place. Does nothing on a stream that is no terminal. */
export class LiveArea {
  #height = 0;
  #hidden = false;

  constructor(private readonly stream: WriteStream) {}

  get active(): boolean {
    return this.stream.isTTY;
  }

  draw(lines: readonly string[]): void {
    if (!this.active) return;
    const columns = this.stream.columns || 80;
    const rows = Math.max(3, (this.stream.rows || 24) - 1);
    const shown = lines.length > rows ? [...lines.slice(0, rows - 2), "…", ...lines.slice(-1)] : lines;
    const hide = this.#hidden ? "" : "\u001b[?25l";
    this.#hidden = true;
    this.stream.write(`${hide}${this.#up()}${shown.map((line) => `${fit(line, columns)}\u001b[K\n`).join("")}\u001b[J`);
    this.#height = shown.length;
  }

  /** Prints a line above the area, which is drawn again at the next `draw`. */
  say(line: string): void {
    if (!this.active) {
      this.stream.write(`${line}\n`);
      return;
    }
    this.stream.write(`${this.#up()}\u001b[J${line}\n`);
    this.#height = 0;
  }

  /** Leaves the last drawing (or nothing) on the screen and gives the cursor back. */
  end(options: { clear?: boolean } = {}): void {
    if (!this.active) return;
    if (options.clear) this.stream.write(`${this.#up()}\u001b[J`);
    this.#height = 0;
    if (this.#hidden) this.stream.write("\u001b[?25h");
    this.#hidden = false;
  }

  #up(): string {
    return this.#height === 0 ? "" : `\u001b[${this.#height}A\r`;
  }
}
