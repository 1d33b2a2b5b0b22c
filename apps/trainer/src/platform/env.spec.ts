import { describe, expect, it } from "vitest";
import { readEnv, trainerHelp } from "./env";

describe("the environment", () => {
  it("has a default for everything, and an empty variable counts as unset", () => {
    expect(readEnv({ BASIN_SLOTS: "", BASIN_TRAINER_NAME: "n" })).toMatchObject({
      natsUrl: "nats://127.0.0.1:4222",
      natsLogin: null,
      natsTls: null,
      name: "n",
      pool: "default",
      port: 0,
    });
    expect(readEnv({})).toMatchObject({ slots: null, backend: "auto", wideVectors: true, keepFreeBytes: null });
    expect(readEnv({ BASIN_SPOOL_FREE_MIB: "0" })).toMatchObject({ keepFreeBytes: 0 });
    expect(readEnv({ BASIN_SPOOL_FREE_MIB: "2" })).toMatchObject({ keepFreeBytes: 2 * 1024 ** 2 });
    expect(readEnv({})).toMatchObject({ slotBytes: null });
    expect(readEnv({ BASIN_SLOT_MIB: "512" })).toMatchObject({ slotBytes: 512 * 1024 ** 2 });
    expect(readEnv({ BASIN_WIDE_VECTORS: "off" })).toMatchObject({ wideVectors: false });
    expect(readEnv({ BASIN_SLOTS: "3", BASIN_BACKEND: "webgpu" })).toMatchObject({ slots: 3, backend: "webgpu" });
  });

  it("names each wrong variable with its value and what would be right", () => {
    const wrong = {
      BASIN_SLOTS: "many",
      BASIN_POOL: "Not A Pool",
      BASIN_BACKEND: "quantum",
      BASIN_TRAINER_PORT: "70000",
      BASIN_WIDE_VECTORS: "512",
      BASIN_SPOOL_FREE_MIB: "-1",
      BASIN_SLOT_MIB: "3GB",
    };
    expect(() => readEnv(wrong)).toThrow('BASIN_SLOTS="many": must be a whole number from 1 to 1024');
    expect(() => readEnv(wrong)).toThrow('BASIN_POOL="Not A Pool": a pool name has 1 to 32 lower-case letters');
    expect(() => readEnv(wrong)).toThrow('BASIN_BACKEND="quantum": must be one of auto, tensorflow, webgpu, wasm, cpu');
    expect(() => readEnv(wrong)).toThrow('BASIN_WIDE_VECTORS="512": must be auto or off');
    expect(() => readEnv(wrong)).toThrow('BASIN_SPOOL_FREE_MIB="-1": must be a number of MiB, 0 for no mark');
    expect(() => readEnv(wrong)).toThrow('BASIN_SLOT_MIB="3GB": must be a whole number of MiB, at least 64');
    expect(() => readEnv(wrong)).toThrow('BASIN_TRAINER_PORT="70000": must be a port, 0 for any free one');
  });

  it("is told by --help, each variable with what it does and its default", () => {
    const lines = trainerHelp()
      .split("\n")
      .filter((line) => /^  [A-Z]/.test(line));
    expect(lines.find((line) => line.includes("BASIN_POOL"))).toMatch(
      /^ {2}BASIN_POOL +sweeps name the pool .* \(default: default\)$/,
    );
    expect(lines.find((line) => line.includes("BASIN_TRAINER_PORT"))).toMatch(/\(default: 0\)$/);
    for (const line of lines) expect(line).toMatch(/^ {2}[A-Z_]+ +\S/);
    expect(lines.map((line) => line.trim().split(" ")[0])).toEqual(expect.arrayContaining(["BASIN_SLOTS", "NATS_PASSWORD"]));
  });
});
