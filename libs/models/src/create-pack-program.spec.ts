import { openBackend } from "@basin/engine";
import { noResources } from "@basin/problems";
import { expect, it } from "vitest";
import { createPackProgram } from "./create-pack-program";

it("names an experiment that the catalogue does not have", async () => {
  await openBackend("wasm");
  const sink = { metric: () => undefined, finished: () => undefined };
  await expect(createPackProgram("no-such-thing", [], sink, noResources)).rejects.toThrow(
    /There is no experiment "no-such-thing"/,
  );
});
