import { eventually } from "@basin/testing";
import { expect, test } from "vitest";
import { aDiagnosticSpec, countersOf, specStack } from "../spec-support/spec-stack.testing";

test("a sweep that waits behind a long one has its turn: a pack is handed back without a strike, and nothing else is", async () => {
  const stack = await specStack();
  const api = await stack.api({ BASIN_TURN_SECONDS: "2" });
  const trainer = await stack.trainer("t", { slots: 2 });
  trainer.beat(500);
  const long = await api.create(aDiagnosticSpec(40, 1, { maxPackWidth: 2 }));
  const [first, second] = [await trainer.take(), await trainer.take()];
  expect([first?.grants.length, second?.grants.length]).toEqual([2, 2]);
  const short = await api.create(aDiagnosticSpec(1, 1));

  const asked = () => trainer.commands.flatMap(({ stop }) => stop).filter(({ action }) => action === "hand-back");
  await eventually(() => asked().length > 0, { timeoutSeconds: 15, what: "a pack is asked back" });
  const back = asked()[0]?.run === first?.grants[0]?.run ? first : second;
  expect(asked().map(({ run }) => run)).toEqual(back?.grants.map(({ run }) => run));
  await trainer.release(back?.grants ?? [], "handed-back");

  const next = await trainer.take();
  expect(next?.grants.map(({ run }) => run)).toEqual([`${short}-0-0`]);
  await trainer.finish(next?.grants ?? []);
  await eventually(async () => (await stack.row("SELECT state FROM sweep WHERE id = $1", [short]))["state"] === "completed");
  expect(await stack.row("SELECT max(strikes) AS strikes, max(attempt) AS attempt FROM run WHERE sweep_id = $1", [long])).toEqual(
    {
      strikes: 0,
      attempt: 1,
    },
  );
  expect(asked().length).toBe(2);
  // The runs that were handed back go on.
  const again = await trainer.take();
  expect(again?.grants[0]?.run.startsWith(long)).toBe(true);
  const { kept, counted } = await countersOf(stack, long);
  expect(kept).toEqual(counted);
});
