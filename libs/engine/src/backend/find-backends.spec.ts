import { describe, expect, it } from "vitest";
import { chooseBackend, tryInProcess } from "./find-backends";

describe("a trial in a process of its own", () => {
  it("gives the answer, whatever else is printed", async () => {
    const code = `console.log("noise"); process.stdout.write("more"); tell({ found: { path: process.argv[1] } });`;
    expect(await tryInProcess(code, "/some/where", 20)).toEqual({ found: { path: "/some/where" } });
    expect(await tryInProcess(`tell({ missing: "no driver" })`, "x", 20)).toEqual({ missing: "no driver" });
  });

  it("survives a crash, an error and silence", async () => {
    expect(await tryInProcess(`process.kill(process.pid, "SIGSEGV"); setInterval(() => {}, 1e9);`, "x", 20)).toEqual({
      missing: "the trial ended with SIGSEGV",
    });
    expect(await tryInProcess(`throw new Error("boom");`, "x", 20)).toEqual({ missing: "the trial ended with code 1" });
    expect(await tryInProcess(``, "x", 20)).toEqual({ missing: "the trial ended with code 0" });
  });

  it("ends a driver that hangs, also one that keeps the thread", async () => {
    const startedAt = performance.now();
    expect(await tryInProcess(`for (;;);`, "x", 0.3)).toEqual({ missing: "no answer within 0.3 s" });
    expect(performance.now() - startedAt).toBeLessThan(5000);
  });
});

describe("chooseBackend", () => {
  it("finds something on any machine and says why", async () => {
    const { backend, device, reason } = await chooseBackend("auto");
    expect(["tensorflow", "webgpu", "wasm"]).toContain(backend);
    expect(device).not.toBe("");
    if (backend === "wasm") expect(reason).toMatch(/tensorflow: .+; webgpu: .+/);
  });

  it("loads nothing for a backend that needs no trial", async () => {
    const startedAt = performance.now();
    expect((await chooseBackend("wasm")).backend).toBe("wasm");
    expect((await chooseBackend("cpu")).backend).toBe("cpu");
    expect(performance.now() - startedAt).toBeLessThan(50);
  });
});
