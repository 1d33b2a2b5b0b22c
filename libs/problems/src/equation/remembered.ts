/** Keeps what was made by a key, for at most so many keys: a sweep asks thousands of times for few different things. */
export function remembered<T>(most: number): (key: string, make: () => T) => T {
  const known = new Map<string, T>();
  return (key, make) => {
    const found = known.has(key) ? (known.get(key) as T) : make();
    if (known.size >= most) known.clear();
    known.set(key, found);
    return found;
  };
}
