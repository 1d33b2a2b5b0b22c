/** Returns a number that is finite and above zero; throws RangeError with the quantity's name otherwise. */
export function requirePositive(name: string, value: number): number {
  if (!(value > 0) || value === Number.POSITIVE_INFINITY) throw new RangeError(`${name} must be a positive number, not ${value}`);
  return value;
}
