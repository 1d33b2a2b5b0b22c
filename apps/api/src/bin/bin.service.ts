import type { AnswerOf } from "@basin/contracts";
import { BinRepository } from "@basin/database";
import { Inject, Injectable } from "@nestjs/common";
import { seenProject, type Asker } from "../http/asker";
import type { Env } from "../platform/env";
import { ENV } from "../platform/injection-keys";
import { ConflictError } from "../platform/conflict-error";

@Injectable()
export class BinService {
  constructor(
    @Inject(BinRepository) private readonly bin: BinRepository,
    @Inject(ENV) private readonly env: Env,
  ) {}

  async get(asker: Asker): Promise<AnswerOf<"getBin">> {
    return { days: this.env.binDays, ...(await this.bin.read(seenProject(asker))) };
  }

  /** Throws ConflictError when the bin holds other things than were seen, so that nothing goes that nobody looked at. */
  async empty(seen: number): Promise<AnswerOf<"emptyBin">> {
    const there = await this.bin.empty(seen);
    if (there !== seen)
      throw new ConflictError(
        there === 0 ? "the bin is empty" : `the bin holds ${there} things by now, not ${seen}: look at it again`,
      );
    return { removed: there };
  }
}
