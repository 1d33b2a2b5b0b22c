/** What was asked does not fit the state of the thing it was asked of; the message says what would. */
export class ConflictError extends Error {
  override readonly name = "ConflictError";
}
