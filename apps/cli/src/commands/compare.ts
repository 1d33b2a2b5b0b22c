import type { ComparedItem, Selection } from "@basin/contracts";
import { call } from "../api-calls";
import { CommandFailed, exitCodes } from "../exit";
import { Output } from "../output";
import { readSelection } from "../selection";
import { apiOrigin } from "../settings";
import { figure, parameterText } from "../terminal/number-format";
import { styleFor } from "../terminal/style";
import { tableLines } from "../terminal/table";
import type { JsonFlag } from "./sweep";

const right = "right" as const;

function nameOf({ run, sweep, group }: ComparedItem): string {
  const parameters = Object.entries(group).map(([name, value]) => `${name} ${parameterText(value)}`);
  return run ?? [sweep.id, ...parameters].join(" · ");
}

function intervalOf({ typical }: ComparedItem["objective"]): string {
  if (!typical) return "–";
  const { centre, low, high } = typical;
  return low === null || high === null ? figure(centre) : `${figure(centre)} [${figure(low, 3)}, ${figure(high, 3)}]`;
}

/** Objective and success of runs and configurations side by side; of two groups also whether they differ, in the words of the test. */
export async function compare(texts: readonly string[], flags: JsonFlag & { metric?: string }): Promise<void> {
  const output = new Output(flags.json ?? false);
  const items = texts.map(readSelection);
  const [a, b] = items;
  if (!a || !b) throw new CommandFailed(exitCodes.badInput, "name at least two to compare");
  const comparison = await call(apiOrigin(), "compare", { body: { items } });
  const isGroup = (item: Selection): boolean => !("run" in item);
  const test =
    items.length === 2 && isGroup(a) && isGroup(b)
      ? await call(apiOrigin(), "testPair", {
          body: { a, b, metric: flags.metric ?? comparison.items[0]?.sweep.objective.metric ?? "" },
        })
      : null;
  const { dim } = styleFor(output.people);
  output.result({ comparison, test }, () => [
    ...tableLines(
      [
        { title: "what" },
        { title: "runs", align: right },
        { title: "objective" },
        { title: "centre, 95 % CI", align: right },
        { title: "median", align: right },
        { title: "success", align: right },
      ],
      comparison.items.map((item) => [
        nameOf(item),
        String(item.runs),
        item.sweep.objective.metric,
        intervalOf(item.objective),
        figure(item.objective.median),
        item.success ? `${item.success.met}/${item.success.of}` : "–",
      ]),
      { titleStyle: dim },
    ),
    ...(test === null ? [] : ["", `${test.figure.title}: ${test.reading}`]),
  ]);
}
