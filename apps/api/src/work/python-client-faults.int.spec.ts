import { expect, test } from "vitest";
import { missingPython, pythonTests } from "../spec-support/python-tests.testing";

const missing = missingPython();
if (missing !== null) console.warn(`The Python client is not tested: ${missing}.`);

test.skipIf(missing !== null)(
  "every test of the client against a Basin, workers that are killed and drained included",
  { timeout: 300_000 },
  async () => {
    const settings = { BASIN_LEASE_SECONDS: "3", BASIN_HEARTBEAT_SECONDS: "0.5", BASIN_CHECKPOINT_SECONDS: "1" };
    const { code, text } = await pythonTests(["test_descriptor", "test_live"], settings);
    expect(code, text).toBe(0);
  },
);
