import type { DeadLetterV1 } from "@basin/contracts";
import type { Database } from "./connection";

/** Only the newest letters are kept: a broken sender must not fill the disk. */
const keptLetters = 10_000;

export class DeadLettersRepository {
  constructor(private readonly database: Database) {}

  async keep(letter: DeadLetterV1): Promise<void> {
    const { id } = await this.database.prisma.deadLetter.create({
      data: {
        origin: letter.origin,
        subject: letter.subject,
        reason: letter.reason,
        payload: Uint8Array.from(Buffer.from(letter.payload, "base64")),
        payloadBytes: letter.payloadBytes,
        createdAt: new Date(letter.at),
      },
    });
    await this.database.prisma.deadLetter.deleteMany({ where: { id: { lte: id - BigInt(keptLetters) } } });
  }
}
