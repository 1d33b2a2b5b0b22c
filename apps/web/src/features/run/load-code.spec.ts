import { activationNames, RunId } from "@basin/contracts";
import { expect, it } from "vitest";
import { pythonCode } from "./load-code";

it("knows every activation that a network may have", () => {
  const code = pythonCode(RunId.parse("74t5qere-0-0"), "mlp", "http://127.0.0.1/weights");
  for (const name of [...activationNames, "softmax"]) expect(code).toContain(`\n    "${name}": `);
});

it("gives an autoencoder's way to its latent values and back, and other families their arrays alone", () => {
  const id = RunId.parse("74t5qere-0-0");
  const code = pythonCode(id, "autoencoder", "http://127.0.0.1/weights");
  for (const part of ["def encode(x)", "def decode(z)", String.raw`(.*)k(\d+)s(\d+)p(\d+)`, '"sine": np.sin'])
    expect(code).toContain(part);
  expect(pythonCode(id, "pinn", "http://127.0.0.1/weights")).not.toContain("ACTIVATIONS");
});
