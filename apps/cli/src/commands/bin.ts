import { call } from "../api-calls";
import { CommandFailed, exitCodes } from "../exit";
import { Output } from "../output";
import { apiOrigin } from "../settings";
import { typedIn } from "../terminal/confirm";
import { styleFor } from "../terminal/style";
import { tableLines } from "../terminal/table";
import type { JsonFlag } from "./sweep";

export async function list(flags: JsonFlag): Promise<void> {
  const output = new Output(flags.json ?? false);
  const bin = await call(apiOrigin(), "getBin", {});
  const rows = [
    ...bin.sweeps.map(({ id, name, runs, until }) => ["sweep", id, name, `${runs} runs`, until.slice(0, 10)]),
    ...bin.datasets.map(({ id, name, rows: count, until }) => ["dataset", id, name, `${count} rows`, until.slice(0, 10)]),
  ];
  output.result(bin, () =>
    rows.length === 0
      ? [`The bin is empty. What is deleted stays there for ${bin.days} days.`]
      : tableLines(
          ["what", "id", "name", "size", "kept until"].map((title) => ({ title })),
          rows,
          { titleStyle: styleFor(output.people).dim },
        ),
  );
}

/** Asks for the number of things; where nobody can be asked it has to be given. */
export async function empty(flags: JsonFlag & { count?: number }): Promise<void> {
  const output = new Output(flags.json ?? false);
  const { count, sweeps, datasets } = await call(apiOrigin(), "getBin", {});
  if (count === 0) throw new CommandFailed(exitCodes.badInput, "there is nothing in the bin that could be removed");
  const runs = sweeps.reduce((sum, sweep) => sum + sweep.runs, 0);
  const what = `${sweeps.length} sweeps with ${runs} runs and ${datasets.length} datasets are removed for good.`;
  const typed = flags.count ?? (await typedIn(`${what} Type ${count} to go on: `, flags));
  if (typed === null)
    throw new CommandFailed(exitCodes.badInput, `${what} Nobody can be asked here: say how many things go with --count ${count}`);
  if (Number(typed) !== count) throw new CommandFailed(exitCodes.badInput, `nothing was done: the bin holds ${count} things`);
  const answer = await call(apiOrigin(), "emptyBin", { body: { count } });
  output.result(answer, () => [`${answer.removed} removed for good`]);
}
