import { artifactPartBytes, type ControlReply, type ControlRequest } from "@basin/contracts";
import { ArtifactsRepository, type NamedArtifact } from "@basin/database";
import { ControlFailure } from "@basin/messaging";
import { Inject, Injectable } from "@nestjs/common";
import type { Env } from "../platform/env";
import { ENV } from "../platform/injection-keys";
import { inspect, type Inspection } from "./artifact-inspection";

/** Files of runs, in parts small enough for a message. Nothing becomes an artifact before its content was looked at. */
@Injectable()
export class ArtifactRequests {
  /** Contents that are being looked at: a large one takes seconds, and its last part may be sent again meanwhile. */
  readonly #finishing = new Map<string, Promise<"complete" | "superseded">>();

  constructor(
    @Inject(ArtifactsRepository) private readonly artifacts: ArtifactsRepository,
    @Inject(ENV) private readonly env: Pick<Env, "artifactMaxBytes">,
  ) {}

  async store(body: ControlRequest<"artifact">): Promise<ControlReply<"artifact">> {
    const { artifactMaxBytes } = this.env;
    if (body.bytes > artifactMaxBytes) {
      const text = `artifact ${body.name} of ${body.run} has ${body.bytes} bytes; at most ${artifactMaxBytes} are kept (BASIN_ARTIFACT_MAX_MIB)`;
      throw new ControlFailure("artifact-too-large", text, false);
    }
    const content = Buffer.from(body.content, "base64");
    const problem = problemOf(body, content.byteLength);
    if (problem !== null) throw new ControlFailure("bad-artifact", `artifact ${body.name} of ${body.run}: ${problem}`, false);
    const { trainer, run, attempt, name, kind, mediaType, step, bytes, sha256 } = body;
    const artifact = { trainer, run, attempt, name, kind, mediaType, step, bytes, sha256 };
    if (body.parts === 1) {
      refuseUnsound(artifact, await inspect(artifact, [content]));
      return replyTo(body, await this.artifacts.store(artifact, content));
    }
    const outcome = await this.artifacts.storePart(artifact, body.part, content);
    if (typeof outcome === "string") return replyTo(body, outcome);
    if (!("arrived" in outcome)) return replyTo(body, "part-stored", outcome.next);
    return replyTo(body, await this.#finish(artifact, outcome.content));
  }

  async fetch(body: ControlRequest<"fetch">): Promise<ControlReply<"fetch">> {
    const found = await this.artifacts.fetch(body.artifact, body.part, body.trainer);
    if (!found)
      throw new ControlFailure(
        "no-such-artifact",
        `there is no artifact ${body.artifact} for a run that ${body.trainer} holds; a newer one may have replaced it`,
        false,
      );
    if (body.part >= found.parts) {
      throw new ControlFailure("no-such-part", `artifact ${body.artifact} has ${found.parts} parts, counted from 0`, false);
    }
    return { v: 1, parts: found.parts, content: found.content.toString("base64") };
  }

  #finish(artifact: NamedArtifact, content: string): Promise<"complete" | "superseded"> {
    const running = this.#finishing.get(content);
    if (running) return running;
    const finishing = this.#lookAndComplete(artifact, content).finally(() => this.#finishing.delete(content));
    this.#finishing.set(content, finishing);
    return finishing;
  }

  async #lookAndComplete(artifact: NamedArtifact, content: string): Promise<"complete" | "superseded"> {
    const inspection = await inspect(artifact, this.artifacts.arrived(content));
    if (inspection.result !== "sound") await this.artifacts.discard(content);
    refuseUnsound(artifact, inspection);
    return this.artifacts.complete(artifact, content);
  }
}

function replyTo(
  { v }: ControlRequest<"artifact">,
  status: ControlReply<"artifact">["status"],
  next: number | null = null,
): ControlReply<"artifact"> {
  return v === 1 ? { v, status } : { v, status, next };
}

function refuseUnsound({ name, run, sha256 }: NamedArtifact, inspection: Inspection): void {
  switch (inspection.result) {
    case "sound":
      return;
    case "corrupt":
      throw new ControlFailure(
        "corrupt",
        `artifact ${name} of ${run}: what arrived does not have the hash ${sha256}; send all of it again`,
        false,
      );
    case "fault":
      throw new ControlFailure("bad-artifact", `artifact ${name} of ${run}: ${inspection.fault}`, false);
  }
}

/** What is wrong with a part; null when it fits the artifact it belongs to. Every part but the last is full. */
function problemOf(body: ControlRequest<"artifact">, contentBytes: number): string | null {
  const parts = Math.max(1, Math.ceil(body.bytes / artifactPartBytes));
  if (body.parts !== parts) return `${body.bytes} bytes travel in ${parts} parts of ${artifactPartBytes}, not in ${body.parts}`;
  if (body.part >= parts) return `part ${body.part} does not exist: parts are counted from 0 to ${parts - 1}`;
  const expected = body.part < parts - 1 ? artifactPartBytes : body.bytes - artifactPartBytes * (parts - 1);
  if (contentBytes !== expected) return `part ${body.part} has ${contentBytes} bytes instead of ${expected}`;
  if (body.kind === "checkpoint" && body.step === null) return "a checkpoint names the last step it contains";
  return null;
}
