import { call } from "../api-calls";
import { Output } from "../output";
import { apiOrigin } from "../settings";
import { figure, parameterText } from "../terminal/number-format";
import { styleFor } from "../terminal/style";
import { tableLines } from "../terminal/table";
import { sweepId, type JsonFlag } from "./sweep";

const right = "right" as const;

/** The trials of a sweep by all of its objectives, those of the Pareto front first. */
export async function pareto(id: string, flags: JsonFlag & { limit: number; all?: boolean }): Promise<void> {
  const output = new Output(flags.json ?? false);
  const found = await call(apiOrigin(), "getParetoFront", { params: { sweep: sweepId(id) }, query: { limit: flags.limit } });
  const { dim } = styleFor(output.people);
  const shown = flags.all ? found.trials : found.trials.filter(({ front }) => front);
  const names = Object.keys(shown[0]?.parameters ?? {});
  output.result(found, () => [
    found.reading,
    "",
    ...tableLines(
      [
        { title: "trial", align: right },
        ...names.map((title) => ({ title, align: right })),
        ...found.objectives.map(({ metric, direction }) => ({ title: `${metric} (${direction})`, align: right })),
        { title: "runs", align: right },
        { title: "" },
      ],
      shown.map(({ trial, parameters, values, runs, front }) => [
        String(trial),
        ...names.map((name) => parameterText(parameters[name])),
        ...values.map((value) => figure(value)),
        String(runs),
        front ? "front" : "",
      ]),
      { titleStyle: dim },
    ),
  ]);
}
