import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { SpoolRoom } from "./spool-room";

const mebibyte = 1024 ** 2;
const log = { info: vi.fn(), warn: vi.fn(), error: vi.fn() };

async function roomWith(free: () => number, keepFreeBytes: number | null = null, diskBytes = 1e12): Promise<SpoolRoom> {
  const look = async () => ({ freeBytes: free(), diskBytes });
  const room = new SpoolRoom({ directory: "/data/spool", keepFreeBytes, log, look });
  await room.start();
  return room;
}

describe("room for the spool", () => {
  beforeEach(() => {
    vi.useFakeTimers();
    vi.clearAllMocks();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("is short below the mark, says so once with both figures, and is there again above it", async () => {
    let free = 200.5 * mebibyte;
    const room = await roomWith(() => free);
    expect(room.shortage).toBe("/data/spool has 200.5 MiB left; no pack is taken below 256.0 MiB");
    await vi.advanceTimersByTimeAsync(5000);
    expect(log.warn).toHaveBeenCalledOnce();
    free = 256 * mebibyte;
    await vi.advanceTimersByTimeAsync(1000);
    expect(room.shortage).toBeNull();
    expect(log.info).toHaveBeenCalledOnce();
    room.stop();
  });

  it("has a mark of 256 MiB, a tenth of a small disk, or the one that was set", async () => {
    const shortWith = async (free: number, mark: number | null, disk: number): Promise<boolean> => {
      const room = await roomWith(() => free * mebibyte, mark === null ? null : mark * mebibyte, disk * mebibyte);
      room.stop();
      return room.shortage !== null;
    };
    expect(await Promise.all([255, 256].map((free) => shortWith(free, null, 100_000)))).toEqual([true, false]);
    expect(await Promise.all([6, 7].map((free) => shortWith(free, null, 64)))).toEqual([true, false]);
    expect(await Promise.all([999, 1000].map((free) => shortWith(free, 1000, 100_000)))).toEqual([true, false]);
    expect(await shortWith(0, 0, 64)).toBe(false);
  });

  it("is short for a while after a write failed, longer each time, and never longer than a minute", async () => {
    const room = await roomWith(() => 1e12);
    const pauses: number[] = [];
    for (let i = 0; i < 9; i++) {
      room.failed(new Error("EFBIG: file too large, write"));
      // Others that fail with it change nothing.
      room.failed(new Error("EFBIG: file too large, write"));
      expect(room.shortage).toContain("EFBIG: file too large");
      let seconds = 0;
      while (room.shortage !== null) {
        await vi.advanceTimersByTimeAsync(1000);
        seconds++;
      }
      pauses.push(seconds);
    }
    expect(pauses).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60]);
    await vi.advanceTimersByTimeAsync(600_000);
    room.failed(new Error("ENOSPC"));
    await vi.advanceTimersByTimeAsync(1000);
    expect(room.shortage).toBeNull();
    room.stop();
  });

  it("lets packs in when nobody can tell what is free: a write shows whether it works", async () => {
    const room = await roomWith(() => {
      throw new Error("ENOSYS: function not implemented, statfs");
    });
    expect(room.shortage).toBeNull();
    room.stop();
  });

  it("reads the file system that the directory lies on", async () => {
    vi.useRealTimers();
    const directory = process.cwd();
    const room = new SpoolRoom({ directory, keepFreeBytes: 1e18, log });
    await room.start();
    expect(room.freeBytes).toBeGreaterThan(0);
    expect(room.freeBytes).toBeLessThan(1e18);
    expect(room.shortage).toContain(directory);
    room.stop();
  });
});
