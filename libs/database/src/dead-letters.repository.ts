import type { DeadLetterV1 } from "@basin/contracts";
import type { Database } from "./connection";

/** Only the newest letters are kept: a broken sender must not fill the disk. */
const keptLetters = 10_000;

export class DeadLettersRepository {
  constructor(private readonly database: Database) {}

  async keep(letter: DeadLetterV1): Promise<void> {
    const data = {
      origin: letter.origin,
      subject: letter.subject,
      reason: letter.reason,
      payload: Uint8Array.from(Buffer.from(letter.payload, "base64")),
      payloadBytes: letter.payloadBytes,
      createdAt: new Date(letter.at),
    };
    const { id } = await this.database.plain((records) => records.deadLetter.create({ data, select: { id: true } }));
    await this.database.plain((records) => records.deadLetter.deleteMany({ where: { id: { lte: id - BigInt(keptLetters) } } }));
  }
}
