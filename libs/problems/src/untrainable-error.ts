/** Data that a configuration cannot be trained on, whatever the seed; `parameter` is the one that would have to be another. */
export class UntrainableError extends RangeError {
  override readonly name = "UntrainableError";

  constructor(
    message: string,
    readonly parameter: string,
  ) {
    super(message);
  }
}
