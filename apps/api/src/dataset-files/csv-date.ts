/** A year first, then month and day, and a time of day if there is one, as ISO 8601 and RFC 3339 write them; a space or slashes are taken, too. */
const isoDate =
  /^(\d{4})([-/])(\d{2})\2(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s?(Z|z|[+-]\d{2}:?\d{2})?)?$/;
/** Dates and times of day in other forms: 31.12.2020, 12/31/2020, 31-Dec-2020, Dec 31, 2020, 2020-12, 12:30:05, 6:15 pm. */
const otherDates = [
  /^\d{1,4}([-./])\d{1,2}\1\d{1,4}(?:[ T,].*)?$/,
  /^\d{1,2}[- .]?\p{L}{3,9}\.?[- ,]{0,2}\d{2,4}(?:[ ,].*)?$/u,
  /^(?:\p{L}{2,9}[., ]+)?\p{L}{3,9}\.? \d{1,2}(?:st|nd|rd|th)?,? \d{2,4}(?:[ ,].*)?$/u,
  /^\d{4}[-/]?(?:\d{2}|W\d{2}(?:-\d)?|Q[1-4])$/,
  /^\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?: ?[AaPp]\.?[Mm]\.?)?$/,
];
const longestDate = 60;

/** Seconds since 1970-01-01 00:00 UTC of an ISO date, with or without a time of day; without a zone it is taken for UTC. Null: none, or one that does not exist. */
export function readDate(text: string): { seconds: number; zone: boolean } | null {
  const found = isoDate.exec(text);
  if (!found) return null;
  const part = (at: number): number => Number(found[at] ?? 0);
  const [year, month, day, hour, minute, second] = [part(1), part(3), part(4), part(5), part(6), part(7)];
  const midnight = new Date(0);
  midnight.setUTCFullYear(year, month - 1, day);
  if (midnight.getUTCMonth() !== month - 1 || midnight.getUTCDate() !== day) return null;
  if (hour > 23 || minute > 59 || second > 59) return null;
  const zone = found[9];
  const fraction = found[8] === undefined ? 0 : Number(`0.${found[8]}`);
  const seconds = midnight.getTime() / 1000 + hour * 3600 + minute * 60 + second + fraction - offsetSeconds(zone);
  return { seconds, zone: zone !== undefined };
}

function offsetSeconds(zone: string | undefined): number {
  if (zone === undefined || /^z$/i.test(zone)) return 0;
  const digits = zone.replace(/[^\d]/g, "");
  const size = Number(digits.slice(0, 2)) * 3600 + Number(digits.slice(2)) * 60;
  return zone.startsWith("-") ? -size : size;
}

/** Whether a text looks like a date or a time of day, in whatever form. */
export function dateLike(text: string): boolean {
  return text.length <= longestDate && (isoDate.test(text) || otherDates.some((form) => form.test(text)));
}
