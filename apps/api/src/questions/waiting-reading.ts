import type { SweepProgress } from "@basin/contracts";

/** `about 40 seconds`, `about 5 minutes`, `about 3 hours`. */
function about(seconds: number): string {
  const [value, unit] = seconds < 90 ? [seconds, "second"] : seconds < 5400 ? [seconds / 60, "minute"] : [seconds / 3600, "hour"];
  const whole = Math.max(1, Math.round(value));
  return `about ${whole} ${unit}${whole === 1 ? "" : "s"}`;
}

/** For whom a sweep waits, and until when, in words. */
export function waitingReading(pool: string, waits: NonNullable<SweepProgress["waits"]>, nowMilliseconds: number): string {
  const { slots, holders, turnAt, place } = waits;
  if (slots === 0) return `No trainer of the pool “${pool}” is there that can train it: start one, or end the drain of one.`;
  const held = holders.reduce((sum, { packs }) => sum + packs, 0);
  if (held < slots) return "A slot is free: it begins in a moment.";
  const whom = holders
    .map(({ name, secondsLeft }) => (secondsLeft === null ? `“${name}”` : `“${name}” (${about(secondsLeft)} left)`))
    .join(", ");
  const line = place === 1 ? "It is next in line" : `It is number ${place} in line`;
  const all = slots === 1 ? "The only slot trains" : slots === 2 ? "Both slots train" : `All ${slots} slots train`;
  if (turnAt === null) return `${all} ${whom}, whose priority is higher. ${line}, and begins when that is through.`;
  const seconds = (Date.parse(turnAt) - nowMilliseconds) / 1000;
  const until = seconds < 3 ? "now" : `in ${about(seconds)}`;
  return `${all} ${whom}. ${line}: at the latest ${until} a pack is asked to make room after its step.`;
}
