import { InvalidArgumentError, Option } from "commander";

/** The option --json. */
export const json = (): Option => new Option("--json", "print JSON on stdout, words for people on stderr");

export const yes = (): Option =>
  new Option("-y, --yes", "do not ask; nothing is asked either where there is no terminal, or with --json");

/** Reads an option as a whole number within bounds. */
export function wholeNumber(minimum: number, maximum: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < minimum || value > maximum) {
      throw new InvalidArgumentError(`It must be a whole number from ${minimum} to ${maximum}.`);
    }
    return value;
  };
}

/** Of an option that may be repeated. */
export const collect = (value: string, before: string[]): string[] => [...before, value];
