import type { Row, Statement } from "@basin/database";

/** A statement of a spec's own, whose text and row nothing holds against the schema. */
export function unchecked<R extends Row = Row>(text: string, values: unknown[] = []): Statement<R> {
  return { text, values } as unknown as Statement<R>;
}
