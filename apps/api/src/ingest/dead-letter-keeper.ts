import type { DeadLetterV1 } from "@basin/contracts";
import { DeadLettersRepository } from "@basin/database";
import { Inject, Injectable } from "@nestjs/common";
import { PrometheusSeries } from "../platform/prometheus-series";

/** Keeps every message that could not be parsed where a person can look at it. */
@Injectable()
export class DeadLetterKeeper {
  constructor(
    @Inject(DeadLettersRepository) private readonly letters: DeadLettersRepository,
    @Inject(PrometheusSeries) private readonly series: PrometheusSeries,
  ) {}

  async keep(letter: DeadLetterV1): Promise<void> {
    this.series.counted.deadLetters.inc();
    await this.letters.keep(letter);
  }
}
