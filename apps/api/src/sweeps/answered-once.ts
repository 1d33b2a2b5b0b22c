import { AnswersRepository, keepAnswer, type KeyedRequest, type Queryable } from "@basin/database";
import { Inject, Injectable } from "@nestjs/common";
import { KeyReusedError } from "../http/request-errors";

/** Keeps what is about to be answered, inside the transaction that makes it true. */
export type Keep = (connection: Queryable, answer: unknown) => Promise<void>;

/** Does what a request with a key asks for once, however often it comes and however many come at a time. */
@Injectable()
export class AnsweredOnce {
  constructor(@Inject(AnswersRepository) private readonly answers: AnswersRepository) {}

  /**
   * The answer of `work`, or the one that was given before. `work` calls `keep` at the end of its transaction, if it is given one.
   * A request that failed did nothing: its key stays free. Throws KeyReusedError.
   */
  async answer<T>(request: KeyedRequest | null, work: (keep: Keep | null) => Promise<T>): Promise<T> {
    if (request === null) return work(null);
    const before = await this.#before<T>(request);
    if (before) return before.answer;
    try {
      return await work((connection, answer) => keepAnswer(connection, request, answer));
    } catch (error) {
      // Whatever it was: another request with the key may have been quicker, and be the reason.
      const meanwhile = await this.#before<T>(request).catch(() => null);
      if (meanwhile) return meanwhile.answer;
      throw error;
    }
  }

  async #before<T>(request: KeyedRequest): Promise<{ answer: T } | null> {
    const found = await this.answers.find(request);
    if (found === "other") throw new KeyReusedError(request.key);
    return found as { answer: T } | null;
  }
}
