import type { FastifyReply, FastifyRequest } from "fastify";
import { Readable } from "node:stream";

const pieceCharacters = 64 * 1024;

/** Joins small texts, so that each write is worth a system call. */
async function* inPieces(texts: AsyncIterable<string>): AsyncGenerator<string> {
  let piece = "";
  for await (const text of texts) {
    piece += text;
    if (piece.length < pieceCharacters) continue;
    yield piece;
    piece = "";
  }
  if (piece !== "") yield piece;
}

/**
 * Sends parts as they are made, as fast as the client reads and no faster. The first part is made before the first byte is
 * sent, so that a failure at the start is still an ordinary error answer; a later one cuts the connection, which clients notice.
 */
export async function sendParts(
  request: FastifyRequest,
  reply: FastifyReply,
  parts: AsyncGenerator<string | Buffer>,
): Promise<void> {
  if (request.method === "HEAD") {
    await parts.return(undefined);
    await reply.send();
    return;
  }
  const first = await parts.next();
  const whole = async function* (): AsyncGenerator<string | Buffer> {
    try {
      if (first.done === true) return;
      yield first.value;
      yield* parts;
    } finally {
      await parts.return(undefined);
    }
  };
  await reply.send(Readable.from(whole(), { objectMode: false }));
}

export async function sendTexts(request: FastifyRequest, reply: FastifyReply, texts: AsyncIterable<string>): Promise<void> {
  await sendParts(request, reply, inPieces(texts));
}
