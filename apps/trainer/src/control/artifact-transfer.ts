import { artifactPartBytes, type ArtifactKind, type AttemptKey, type GrantV1, type TrainerId } from "@basin/contracts";
import { createHash } from "node:crypto";
import type { AskOptions, ControlPlane } from "./control-plane";

export interface OutgoingArtifact {
  name: string;
  kind: ArtifactKind;
  mediaType: string;
  /** For checkpoints; null otherwise. */
  step: number | null;
  content: Uint8Array;
}

/** Moves the contents of artifacts, part by part, each repeated until it is answered. */
export class ArtifactTransfer {
  constructor(
    private readonly control: ControlPlane,
    private readonly trainer: TrainerId,
  ) {}

  /** Resolves when the control plane holds all of it, or says that the attempt is no longer current. Rejects as `ask` does. */
  async upload(
    { run, attempt }: AttemptKey,
    artifact: OutgoingArtifact,
    options: AskOptions = {},
  ): Promise<"complete" | "superseded"> {
    const { name, kind, mediaType, step, content } = artifact;
    const sha256 = createHash("sha256").update(content).digest("hex");
    const parts = Math.max(1, Math.ceil(content.byteLength / artifactPartBytes));
    const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
    const request = {
      v: 1,
      trainer: this.trainer,
      run,
      attempt,
      name,
      kind,
      mediaType,
      step,
      bytes: content.byteLength,
      sha256,
      parts,
    } as const;
    for (let part = 0; ; part++) {
      const text = bytes.toString("base64", part * artifactPartBytes, Math.min(bytes.length, (part + 1) * artifactPartBytes));
      const { status } = await this.control.ask("artifact", { ...request, part, content: text }, options);
      if (status === "superseded") return status;
      // A repeat of an artifact that is there already is complete with its first part.
      if (status === "complete" || part === parts - 1) {
        if (status === "complete") return status;
        throw new Error(`the control plane took all ${parts} parts of ${name} and does not hold it`);
      }
    }
  }

  /** Rejects as `ask` does, and with a plain Error when what arrived is not what the grant names. */
  async download(checkpoint: NonNullable<GrantV1["checkpoint"]>, options: AskOptions = {}): Promise<Uint8Array> {
    const hash = createHash("sha256");
    const pieces: Buffer[] = [];
    for (let part = 0, parts = 1; part < parts; part++) {
      const reply = await this.control.ask(
        "fetch",
        { v: 1, trainer: this.trainer, artifact: checkpoint.artifact, part },
        options,
      );
      parts = reply.parts;
      const piece = Buffer.from(reply.content, "base64");
      hash.update(piece);
      pieces.push(piece);
    }
    const content = Buffer.concat(pieces);
    if (content.byteLength !== checkpoint.bytes) {
      throw new Error(`the checkpoint has ${content.byteLength} bytes instead of ${checkpoint.bytes}`);
    }
    if (hash.digest("hex") !== checkpoint.sha256) throw new Error("the checkpoint's hash does not agree with its content");
    return new Uint8Array(content);
  }
}
