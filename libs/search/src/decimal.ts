/**
 * The number a person would have typed: `value` rounded to 12 significant digits when that changes it by no more than rounding
 * errors can (`tolerance`, absolute), otherwise `value` itself. 0.30000000000000004 becomes 0.3, 5e-17 between −0.1 and 0.1
 * becomes 0; 1/3 stays.
 */
export function asTyped(value: number, tolerance: number): number {
  if (Math.abs(value) <= tolerance) return 0;
  const rounded = Number(value.toPrecision(12));
  return Math.abs(rounded - value) <= tolerance ? rounded : value;
}
