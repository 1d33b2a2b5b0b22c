import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { createInterface } from "node:readline";
import { z } from "zod";
import { peerPython, searchPeers } from "./peer-environment";
import { DrivenSearch } from "./search-trials";

const Opened = z.object({ space: z.record(z.string(), z.unknown()) });
const Value = z.object({ value: z.number() });
const Scores = z.object({ scores: z.array(z.number()) });
const Searched = Scores.extend({ secondsPerTrial: z.number() });

/** What a search reached with its first n trials, for each n asked, and what a trial cost. */
export interface Searched {
  scores: number[];
  secondsPerTrial: number;
}

/** The process that has the objectives, and Optuna beside them. One command at a time. */
export class SearchPeer {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #lines: AsyncIterator<string>;
  #errors = "";
  #space: unknown = {};

  constructor() {
    const script = searchPeers.script("objectives.py");
    this.#child = spawn(peerPython(searchPeers), [script], { stdio: ["pipe", "pipe", "pipe"] });
    this.#child.stderr.on("data", (piece: Buffer) => (this.#errors += piece.toString()));
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  }

  async #ask<T>(schema: z.ZodType<T>, command: object): Promise<T> {
    this.#child.stdin.write(`${JSON.stringify(command)}\n`);
    const line: IteratorResult<string, unknown> = await this.#lines.next();
    if (line.done === true) throw new Error(`the process with the objectives ended:\n${this.#errors.slice(-2000)}`);
    return schema.parse(JSON.parse(line.value));
  }

  async open(problem: object): Promise<void> {
    this.#space = (await this.#ask(Opened, { op: "open", ...problem })).space;
  }

  optuna(sampler: "tpe" | "cma" | "random", run: { seed: number; trials: number; at: readonly number[] }): Promise<Searched> {
    return this.#ask(Searched, { op: "optuna", sampler, ...run });
  }

  /** The objective that is open, searched by one of Basin's algorithms. */
  async basin(
    algorithm: string,
    config: object,
    run: { seed: number; trials: number; at: readonly number[] },
  ): Promise<Searched> {
    const search = new DrivenSearch(algorithm, this.#space, { trials: run.trials, ...config }, run.seed);
    for (let done = 0; done < run.trials;) {
      // As many as it makes without further results.
      const made = search.suggest(run.trials - done);
      if (made.length === 0) throw new Error(`${algorithm} made no trial ${done}`);
      const values: number[] = [];
      for (const parameters of made) values.push((await this.#ask(Value, { op: "value", parameters })).value);
      search.report(values);
      done += made.length;
    }
    const trials = search.record.trials.map(({ parameters }) => parameters);
    const { scores } = await this.#ask(Scores, { op: "scores", trials, at: run.at });
    return { scores, secondsPerTrial: search.seconds / run.trials };
  }

  stop(): void {
    this.#child.stdin.end();
  }
}
