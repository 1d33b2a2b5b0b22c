import { Interruption } from "../stack/interruption";
import { runStack, type StackFlags } from "../stack/run-stack";
import { Output } from "../output";
import { firstTokenHint } from "../settings";
import { styleFor } from "../terminal/style";

/** `basin up`: the whole stack on this machine until a signal stops it. With `--json` every event is a line on stdout. */
export async function up(flags: StackFlags & { json: boolean }): Promise<void> {
  const output = new Output(flags.json);
  const { bold, cyan, dim } = styleFor(output.people);
  const emit = (event: object): void => {
    if (flags.json) process.stdout.write(`${JSON.stringify(event)}\n`);
  };
  const interruption = new Interruption();
  const stack = await runStack(flags, "basin up", output, interruption, emit);
  emit({ type: "up", urls: stack.urls });
  output.say();
  if (stack.urls.web) output.say(`  ${bold("Dashboard")}  ${cyan(stack.urls.web)}`);
  output.say(`  ${bold("API")}        ${cyan(`${stack.urls.api}/api/v1`)}`);
  if (stack.urls.web) output.say(`  ${bold("Your sweep")} ${cyan(`${stack.urls.web}/sweeps/new`)}`);
  const token = process.env.BASIN_AUTH === "token" ? firstTokenHint() : null;
  if (token !== null) output.say(`  ${bold("Token")}      ${token}`);
  output.say(dim("  Ctrl-C stops everything."));
  output.say();
  await interruption.wait();
  await stack.stop();
}
