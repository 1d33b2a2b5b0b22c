import { artifactPartBytes, type ControlReply, type ControlRequest } from "@basin/contracts";
import { ArtifactsRepository } from "@basin/database";
import { ControlFailure } from "@basin/messaging";
import { Inject, Injectable } from "@nestjs/common";

/** Files of runs, in parts small enough for a message. */
@Injectable()
export class ArtifactRequests {
  constructor(@Inject(ArtifactsRepository) private readonly artifacts: ArtifactsRepository) {}

  async store(body: ControlRequest<"artifact">): Promise<ControlReply<"artifact">> {
    const content = Buffer.from(body.content, "base64");
    const problem = problemOf(body, content.byteLength);
    if (problem !== null) throw new ControlFailure("bad-artifact", `artifact ${body.name} of ${body.run}: ${problem}`, false);
    const { v: _version, ...part } = body;
    const status = await this.artifacts.store({ ...part, content });
    if (status === "corrupt") {
      const text = `artifact ${body.name} of ${body.run}: its parts do not have the hash ${body.sha256}; send all of them again`;
      throw new ControlFailure("corrupt", text, false);
    }
    return { v: 1, status };
  }

  async fetch(body: ControlRequest<"fetch">): Promise<ControlReply<"fetch">> {
    const found = await this.artifacts.fetch(body.artifact, body.part);
    if (!found)
      throw new ControlFailure(
        "no-such-artifact",
        `there is no artifact ${body.artifact}; a newer one may have replaced it`,
        false,
      );
    if (body.part >= found.parts) {
      throw new ControlFailure("no-such-part", `artifact ${body.artifact} has ${found.parts} parts, counted from 0`, false);
    }
    return { v: 1, parts: found.parts, content: found.content.toString("base64") };
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
