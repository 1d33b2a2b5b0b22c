import { LiveArea } from "../terminal/live-area";
import { styleFor } from "../terminal/style";
import { padEnd } from "../terminal/text-width";
import type { Output } from "../output";
import type { StackEvent } from "./local-stack";

/** The list of parts while the stack starts, and a line for everything that happens to a part later. */
export class StartView {
  readonly #area: LiveArea;
  readonly #style;
  readonly #waiting = new Set<string>();

  constructor(output: Output) {
    this.#area = new LiveArea(output.people);
    this.#style = styleFor(output.people);
  }

  show(event: StackEvent): void {
    const { bold, dim, green, red, yellow } = this.#style;
    switch (event.type) {
      case "starting":
        this.#waiting.add(event.part);
        break;
      case "ready":
        this.#waiting.delete(event.part);
        this.#area.say(`  ${green("✓")} ${padEnd(event.part, 10)} ${event.at}  ${dim(`${event.seconds.toFixed(1)} s`)}`);
        break;
      case "crashed": {
        const next = event.restartInSeconds === null ? "" : `; starting it again in ${event.restartInSeconds.toFixed(1)} s`;
        this.#area.say(`  ${red("✗")} ${padEnd(event.part, 10)} ended (${event.cause})${next}`);
        break;
      }
      case "back":
        this.#area.say(`  ${green("✓")} ${padEnd(event.part, 10)} is back ${dim(`(process ${event.pid})`)}`);
        break;
      case "stopping":
        this.#waiting.clear();
        this.#area.say(bold("Stopping …"));
        break;
      case "stopped":
        this.#area.say("Everything is stopped.");
        break;
    }
    if (this.#waiting.size > 0) this.#area.draw([`  ${yellow("…")} ${[...this.#waiting].join(", ")}`]);
    else this.#area.end({ clear: true });
  }
}
