import { activationNames, RunId } from "@basin/contracts";
import { expect, it } from "vitest";
import { pythonCode } from "./load-code";

it("knows every activation that a network may have", () => {
  const code = pythonCode(RunId.parse("74t5qere-0-0"), "mlp", "http://127.0.0.1/weights");
  for (const name of [...activationNames, "softmax"]) expect(code).toContain(`\n    "${name}": `);
});
