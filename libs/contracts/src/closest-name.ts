/** Number of insertions, deletions, substitutions and swaps of neighbours that turn `a` into `b` (optimal string alignment). */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      let least = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) least = Math.min(least, (beforeLast[j - 2] ?? 0) + 1);
      row.push(least);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length] ?? 0;
}

/** The name a person most likely meant: equal but for case, separators and a few typing errors, or its initials (`lr`). Null: none is near. */
export function closestName(given: string, names: readonly string[]): string | null {
  const plain = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]/g, "");
  const wanted = plain(given.slice(0, 100));
  if (wanted === "") return null;
  const initials = (name: string): string => (name[0] ?? "") + name.replace(/[^A-Z]/g, "").toLowerCase();
  const abbreviated = names.find((name) => wanted.length > 1 && initials(name) === wanted);
  if (abbreviated !== undefined) return abbreviated;
  let best: string | null = null;
  let bestDistance = Math.max(1, Math.floor(wanted.length / 3)) + 1;
  for (const name of names) {
    const distance = editDistance(wanted, plain(name));
    if (distance < bestDistance) {
      best = name;
      bestDistance = distance;
    }
  }
  if (best !== null) return best;
  return names.find((name) => wanted.length > 2 && (plain(name).startsWith(wanted) || wanted.startsWith(plain(name)))) ?? null;
}
