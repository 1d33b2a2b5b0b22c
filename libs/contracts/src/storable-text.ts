import { z } from "zod";

/**
 * Text as Postgres can store it: NUL characters and halves of surrogate pairs, which a stack trace or a stray binary message
 * may carry, become U+FFFD.
 */
export function toStorable(text: string): string {
  return text.replaceAll("\u0000", "\uFFFD").replace(/\p{Surrogate}/gu, "\uFFFD");
}

/** A string of at most `max` characters, made storable while parsing. */
export const storableText = (max: number) => z.string().max(max).overwrite(toStorable);
