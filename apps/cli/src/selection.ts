import { RunId, Selection, SweepId, type ParameterValue } from "@basin/contracts";
import { parse } from "yaml";
import { CommandFailed, exitCodes } from "./exit";

const right = "a run (k3v9x2mq-0-3), a sweep (k3v9x2mq), or one configuration of it (k3v9x2mq:activation=tanh,learningRate=1e-3)";

/** Parts at commas that stand in no brackets: of `layers=[64,64],rate=1` two. */
const partsOf = (text: string): string[] => text.split(/,(?![^[]*\])/);

/** What a person names to be compared. Throws CommandFailed with what would be right. */
export function readSelection(text: string): Selection {
  const run = RunId.safeParse(text);
  if (run.success) return { run: run.data };
  const colon = text.indexOf(":");
  const sweep = SweepId.safeParse(colon < 0 ? text : text.slice(0, colon));
  if (!sweep.success) throw new CommandFailed(exitCodes.badInput, `"${text}" is nothing to compare: write ${right}`);
  const group: Record<string, ParameterValue | null> = {};
  for (const part of colon < 0 ? [] : partsOf(text.slice(colon + 1))) {
    const equals = part.indexOf("=");
    if (equals < 1) throw new CommandFailed(exitCodes.badInput, `"${part}" of "${text}": write parameter=value`);
    group[part.slice(0, equals).trim()] = parse(part.slice(equals + 1)) as ParameterValue | null;
  }
  const selection = Selection.safeParse({ sweep: sweep.data, group });
  if (!selection.success) throw new CommandFailed(exitCodes.badInput, `"${text}" is nothing to compare: write ${right}`);
  return selection.data;
}
