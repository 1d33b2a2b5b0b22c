import { issuesOf, Stopping } from "@basin/contracts";
import { call } from "../api-calls";
import { CommandFailed, exitCodes } from "../exit";
import { Output } from "../output";
import { apiOrigin } from "../settings";
import { figure } from "../terminal/number-format";
import { styleFor } from "../terminal/style";
import { tableLines } from "../terminal/table";
import { sweepId, type JsonFlag } from "./sweep";

/** What a stopping rule would have stopped of a sweep, and whether it would have lost the best. */
export async function checkSafe(id: string, flags: JsonFlag & { rule: string; metric?: string; by?: string }): Promise<void> {
  const output = new Output(flags.json ?? false);
  const given = { rule: flags.rule, metric: flags.metric, by: flags.by };
  const rule = Stopping.safeParse(Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)));
  if (!rule.success) {
    const lines = issuesOf(rule.error).map(({ path, message }) => `--${path} ${message}`);
    throw new CommandFailed(exitCodes.badInput, "the rule cannot be read", lines);
  }
  const check = await call(apiOrigin(), "checkSafe", { params: { sweep: sweepId(id) }, body: rule.data });
  const right = "right" as const;
  output.result(check, () => [
    check.reading,
    "",
    ...tableLines(
      [{ title: "run" }, { title: "value", align: right }, { title: "under the rule" }],
      check.best.map(({ run, value, stoppedAt, reason }) => [
        run,
        figure(value),
        stoppedAt === null ? "kept" : `stopped at step ${stoppedAt}: ${reason ?? ""}`,
      ]),
      { titleStyle: styleFor(output.people).dim },
    ),
  ]);
}
