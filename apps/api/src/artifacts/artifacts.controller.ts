import { type AnswerOf, artifactPartBytes, type Artifact } from "@basin/contracts";
import { Database, listArtifacts, readArtifact, readArtifactBytes } from "@basin/database";
import { Controller, Inject } from "@nestjs/common";
import type { FastifyReply, FastifyRequest } from "fastify";
import { byteRange } from "../http/byte-range";
import { contentDisposition } from "../http/content-disposition";
import { NotFoundError, RangeNotSatisfiableError } from "../http/request-errors";
import { HttpRoute, StreamRoute, type RouteInput } from "../http/route-binding";
import { sendParts } from "../http/stream-reply";
import { RunsService } from "../runs/runs.service";

/** However large an artifact is, it passes through in pieces of this size, which the ledger need not cut out of its parts. */
const pieceBytes = 4 * artifactPartBytes;
const mediaTypePattern = /^[a-z0-9.+-]+\/[a-z0-9.+-]+(;\s*charset=[a-z0-9-]+)?$/i;

@Controller()
export class ArtifactsController {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(RunsService) private readonly runs: RunsService,
  ) {}

  @HttpRoute("listArtifacts")
  async listArtifacts({ params }: RouteInput<"listArtifacts">): Promise<AnswerOf<"listArtifacts">> {
    const run = await this.runs.get(params.run);
    return { items: await listArtifacts(this.database, run.id) };
  }

  @StreamRoute("getArtifactContent")
  async getArtifactContent(
    { params }: RouteInput<"getArtifactContent">,
    reply: FastifyReply,
    request: FastifyRequest,
  ): Promise<void> {
    const artifact = await readArtifact(this.database, params.artifact);
    if (!artifact) throw new NotFoundError("artifact", params.artifact);
    const etag = `"${artifact.sha256}"`;
    // Content never changes under an id; the browser may keep it, and asks whether it is still there.
    reply.headers({ etag, "cache-control": "private, no-cache", "accept-ranges": "bytes" });
    if (request.headers["if-none-match"]?.split(/\s*,\s*/).some((tag) => tag === etag || tag === "*") === true) {
      await reply.status(304).send();
      return;
    }
    const { range: asked, "if-range": version } = request.headers;
    const range =
      request.method === "GET" ? byteRange({ range: asked, ifRange: version?.toString() }, artifact.bytes, etag) : null;
    if (range === "unsatisfiable") throw new RangeNotSatisfiableError(artifact.bytes);
    const { start, end } = range ?? { start: 0, end: artifact.bytes };
    if (range) {
      // A proxy that compressed a part would make it a part of nothing.
      const part = {
        "content-range": `bytes ${start}-${end - 1}/${artifact.bytes}`,
        "cache-control": "private, no-cache, no-transform",
      };
      reply.status(206).headers(part);
    }
    reply.headers({
      "content-type": mediaTypePattern.test(artifact.mediaType) ? artifact.mediaType : "application/octet-stream",
      "content-length": end - start,
      "content-disposition": contentDisposition(fileNameOf(artifact)),
    });
    await sendParts(request, reply, this.contentOf(artifact, start, end));
  }

  private async *contentOf(artifact: Artifact, start: number, end: number): AsyncGenerator<Buffer> {
    for (let offset = start; offset < end; offset += pieceBytes) {
      const piece = await readArtifactBytes(this.database, artifact.id, offset, Math.min(pieceBytes, end - offset));
      if (!piece) throw new NotFoundError("artifact", artifact.id);
      yield piece;
    }
  }
}

/** Says which run it is from, so that downloads of many runs do not overwrite each other. */
function fileNameOf(artifact: Artifact): string {
  return `${artifact.run}-${artifact.name.replaceAll(/[/\\]/g, "_")}`;
}
