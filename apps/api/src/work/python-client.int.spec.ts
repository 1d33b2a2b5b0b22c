import { expect, test } from "vitest";
import { missingPython, pythonTests } from "../spec-support/python-tests.testing";

const missing = missingPython();
if (missing !== null) console.warn(`The Python client is not tested: ${missing}.`);

test.skipIf(missing !== null)(
  "a function of Python's is an experiment, its sweep is trained and read",
  { timeout: 120_000 },
  async () => {
    const live = ["test_a_sweep_of_a_function", "test_ask_and_tell", "test_bad_input_is_answered_with_what_would_be_right"];
    const { code, text } = await pythonTests(["test_descriptor", ...live.map((name) => `test_live.Live.${name}`)]);
    expect(code, text).toBe(0);
    expect(text).toContain("OK");
  },
);
