import { z } from "zod";

/**
 * One of the names, each with a text that says what it is: its formula, and what another program means by the name. The texts stand in the
 * JSON Schema as `x-choices`, from where the form, the command line and the API have them.
 */
export function choiceOf<const Names extends readonly [string, ...string[]]>(
  names: Names,
  texts: Readonly<Record<Names[number], string>>,
): z.ZodEnum<{ [Name in Names[number]]: Name }> {
  const told = Object.fromEntries(names.map((name: Names[number]) => [name, texts[name]]));
  return z.enum(names).meta({ "x-choices": told });
}
