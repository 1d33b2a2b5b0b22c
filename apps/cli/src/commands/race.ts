import type { AnswerOf } from "@basin/contracts";
import { call } from "../api-calls";
import { CommandFailed, exitCodes } from "../exit";
import { Output } from "../output";
import { apiOrigin } from "../settings";
import { figure, parameterText } from "../terminal/number-format";
import { styleFor } from "../terminal/style";
import { tableLines } from "../terminal/table";
import { sweepId, type JsonFlag } from "./sweep";

const right = "right" as const;

/** `--between 3,7`: two numbers of trials. */
function trialsOf(text: string): [number, number] {
  const [a, b, ...more] = text.split(",").map((one) => (/^\d{1,9}$/.test(one.trim()) ? Number(one) : Number.NaN));
  if (a === undefined || b === undefined || more.length > 0 || Number.isNaN(a) || Number.isNaN(b))
    throw new CommandFailed(exitCodes.badInput, `--between ${text}: name two trials by their numbers, e.g. --between 0,3`);
  return [a, b];
}

/** Names of the parameters that are not the same in all configurations. */
function varied({ configurations }: AnswerOf<"getRace">): string[] {
  const [first, ...others] = configurations.map(({ parameters }) => parameters);
  return Object.keys(first ?? {}).filter((name) =>
    others.some((one) => JSON.stringify(one[name]) !== JSON.stringify(first?.[name])),
  );
}

/** Seeds that each configuration got in a race and why it was stopped, the winner over held-out seeds, or how many seeds decide between two trials. */
export async function race(id: string, flags: JsonFlag & { between?: string; limit: number }): Promise<void> {
  const output = new Output(flags.json ?? false);
  const params = { sweep: sweepId(id) };
  if (flags.between !== undefined) {
    const [a, b] = trialsOf(flags.between);
    const decision = await call(apiOrigin(), "getSeedsToDecide", { params, query: { a, b } });
    output.result(decision, () => [decision.reading]);
    return;
  }
  const found = await call(apiOrigin(), "getRace", { params, query: { limit: flags.limit } });
  const { dim } = styleFor(output.people);
  const names = varied(found);
  const columns = [
    { title: "trial", align: right },
    { title: "configuration" },
    { title: "seeds", align: right },
    { title: `mean ${found.metric}`, align: right },
    { title: "state" },
    { title: "why" },
  ];
  output.result(found, () => [
    found.reading,
    "",
    ...tableLines(
      columns,
      found.configurations.map(({ trial, parameters, seeds, objective, race: state, reason }) => [
        String(trial),
        names.map((name) => `${name} ${parameterText(parameters[name])}`).join(", "),
        String(seeds),
        figure(objective.mean),
        trial === found.winner?.trial ? "best" : state,
        reason ?? "",
      ]),
      { titleStyle: dim },
    ),
  ]);
}
