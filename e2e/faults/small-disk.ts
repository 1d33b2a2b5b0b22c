import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** A trainer's directory on a file system of its own of a few megabytes, which can be filled and emptied again. */
export class SmallDisk {
  private constructor(readonly directory: string) {}

  /** Mounts `megabytes` over `directory`. Null where that is refused (no root, no namespaces). Linux only. */
  static mount(directory: string, megabytes: number): SmallDisk | null {
    if (process.platform !== "linux" || process.getuid?.() !== 0) return null;
    mkdirSync(directory, { recursive: true });
    try {
      execFileSync("mount", ["-t", "tmpfs", "-o", `size=${megabytes}m,mode=0755`, "tmpfs", directory], { stdio: "ignore" });
      return new SmallDisk(directory);
    } catch {
      return null;
    }
  }

  /** Leaves `bytes` of room. */
  fill(bytes: number): void {
    const { bavail, bsize } = statfsSync(this.directory);
    writeFileSync(join(this.directory, "filling"), Buffer.alloc(Math.max(0, bavail * bsize - bytes)));
  }

  empty(): void {
    rmSync(join(this.directory, "filling"), { force: true });
  }

  unmount(): void {
    try {
      execFileSync("umount", ["-l", this.directory], { stdio: "ignore" });
    } catch {
      // Gone already.
    }
  }
}
