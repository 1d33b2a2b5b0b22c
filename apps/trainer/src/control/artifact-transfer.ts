import {
  artifactMaxBytes,
  artifactPartBytes,
  type ArtifactId,
  type ArtifactKind,
  type AttemptKey,
  type ControlRequest,
  type GrantV1,
  type TrainerId,
} from "@basin/contracts";
import { ControlRefusedError } from "@basin/messaging";
import { createHash } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import type { AskOptions, ControlPlane } from "./control-plane";

export interface OutgoingArtifact {
  name: string;
  kind: ArtifactKind;
  mediaType: string;
  /** For checkpoints; null otherwise. */
  step: number | null;
  bytes: number;
  sha256: string;
  /** Its content from the start, in parts of `artifactPartBytes`, the last one shorter. What it throws is what the upload rejects with. */
  parts: () => AsyncIterable<Buffer>;
}

type Outcome = "complete" | "superseded";

/** The control plane does not take artifacts of this size. */
export class ArtifactTooLargeError extends Error {
  override readonly name = "ArtifactTooLargeError";
}

/** Parts on their way at the same time. */
const partsAtOnce = 4;
/** The last part is answered when all of them were looked at: so fast at least. */
const slowestBytesPerSecond = 20_000_000;
/** How often an artifact is sent whose parts arrived as something else. */
const triesWhenCorrupt = 3;
/** Hashed without letting the event loop run. */
const hashBytes = 4 * 1024 * 1024;

/** Moves the contents of artifacts, part by part, each repeated until it is answered. */
export class ArtifactTransfer {
  constructor(
    private readonly control: ControlPlane,
    private readonly trainer: TrainerId,
  ) {}

  /**
   * Resolves when the control plane holds all of it, or says that the attempt is no longer current. An upload that was interrupted goes on
   * from the first part that is missing there. Rejects as `ask` does, and with ArtifactTooLargeError.
   */
  async upload(attempt: AttemptKey, artifact: OutgoingArtifact, options: AskOptions = {}): Promise<Outcome> {
    for (let tries = 1; ; tries++) {
      try {
        return await this.#send(attempt, artifact, options);
      } catch (error) {
        if (!(error instanceof ControlRefusedError)) throw error;
        if (error.code === "artifact-too-large" || (error.code === "bad-request" && artifact.bytes > artifactMaxBytes)) {
          // A control plane that knows version 1 only takes this much.
          const limit =
            error.code === "bad-request" ? `the control plane takes ${artifactMaxBytes} bytes at most` : error.message;
          throw new ArtifactTooLargeError(limit, { cause: error });
        }
        if (error.code !== "corrupt" || tries === triesWhenCorrupt) throw error;
      }
    }
  }

  async #send({ run, attempt }: AttemptKey, artifact: OutgoingArtifact, options: AskOptions): Promise<Outcome> {
    const { name, kind, mediaType, step, bytes, sha256 } = artifact;
    const parts = partsOf(bytes);
    const last = parts - 1;
    const head = { trainer: this.trainer, run, attempt, name, kind, mediaType, step, bytes, sha256, parts };
    const answers: Outcome[] = [];
    const faults: unknown[] = [];
    const sending = new Set<Promise<unknown>>();
    let missing = 0;
    const send = async (part: number, content: Buffer): Promise<void> => {
      const told = { ...head, part, content: content.toString("base64") };
      const request: ControlRequest<"artifact"> = bytes > artifactMaxBytes ? { v: 2, ...told } : { v: 1, ...told };
      const timeoutSeconds = part === last ? 10 + bytes / slowestBytesPerSecond : 10;
      const reply = await this.control.ask("artifact", request, { timeoutSeconds, ...options });
      if (reply.status !== "part-stored") answers.push(reply.status);
      if (part === 0 && reply.v === 2) missing = reply.next ?? 0;
    };
    let part = 0;
    for await (const content of artifact.parts()) {
      const current = part++;
      if (current > 0 && current < last && current < missing) continue;
      // The last part is what makes the control plane put it together: it has the others by then.
      while (sending.size >= (current === last ? 1 : partsAtOnce)) await Promise.race(sending);
      const sent: Promise<unknown> = send(current, content)
        .catch((error: unknown) => faults.push(error))
        .finally(() => sending.delete(sent));
      sending.add(sent);
      // What is there already is complete with its first part.
      if (current === 0) await sent;
      if (answers.length + faults.length > 0) break;
    }
    await Promise.all(sending);
    if (faults.length > 0) throw faults[0];
    const [outcome] = answers;
    if (outcome === undefined) throw new Error(`the control plane took all ${parts} parts of ${name} and does not hold it`);
    return outcome;
  }

  /** All of an artifact of which nothing but its id is known. Rejects as `ask` does. */
  async whole(artifact: ArtifactId, options: AskOptions = {}): Promise<Uint8Array> {
    const pieces: Buffer[] = [];
    for (let parts = 1; pieces.length < parts;) {
      const reply = await this.control.ask("fetch", { v: 1, trainer: this.trainer, artifact, part: pieces.length }, options);
      parts = reply.parts;
      pieces.push(Buffer.from(reply.content, "base64"));
    }
    return Buffer.concat(pieces);
  }

  /** Rejects as `ask` does, and with a plain Error when what arrived is not what the grant names. */
  async download({ artifact, bytes, sha256 }: NonNullable<GrantV1["checkpoint"]>, options: AskOptions = {}): Promise<Uint8Array> {
    const content = Buffer.allocUnsafeSlow(bytes);
    const parts = partsOf(bytes);
    let next = 0;
    const lane = async (): Promise<void> => {
      while (next < parts) {
        const part = next++;
        const reply = await this.control.ask("fetch", { v: 1, trainer: this.trainer, artifact, part }, options);
        const piece = Buffer.from(reply.content, "base64");
        const expected = Math.min(artifactPartBytes, bytes - part * artifactPartBytes);
        if (reply.parts !== parts || piece.length !== expected) {
          throw new Error(
            `the checkpoint's part ${part} has ${piece.length} bytes of ${reply.parts} parts instead of ${expected} of ${parts}`,
          );
        }
        piece.copy(content, part * artifactPartBytes);
      }
    };
    try {
      await Promise.all(Array.from({ length: partsAtOnce }, lane));
    } finally {
      next = parts;
    }
    if ((await sha256Of(content)) !== sha256) throw new Error("the checkpoint's hash does not agree with its content");
    return content;
  }
}

function partsOf(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / artifactPartBytes));
}

/** Lets the event loop run in between: of gigabytes it takes seconds. */
export async function sha256Of(content: Uint8Array): Promise<string> {
  const hash = createHash("sha256");
  for (let at = 0; at < content.byteLength; at += hashBytes) {
    if (at > 0) await setImmediate();
    hash.update(content.subarray(at, at + hashBytes));
  }
  return hash.digest("hex");
}

/** What is in memory, in the parts of an upload. */
export async function* partsInMemory(content: Uint8Array): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  for (let part = 0; part < partsOf(bytes.length); part++) {
    yield bytes.subarray(part * artifactPartBytes, (part + 1) * artifactPartBytes);
  }
}
