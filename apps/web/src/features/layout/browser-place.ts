/** One named JSON value in this browser's storage. A browser that keeps nothing (private, full, forbidden) is no reason to fail. */
export interface BrowserPlace {
  /** What is kept, unchecked; null: nothing, or what is no JSON. */
  read(): unknown;
  keep(value: unknown): void;
  drop(): void;
}

export function browserPlace(name: string): BrowserPlace {
  return {
    read: () => tried((storage) => JSON.parse(storage.getItem(name) ?? "null")),
    keep: (value) => void tried((storage) => storage.setItem(name, JSON.stringify(value))),
    drop: () => void tried((storage) => storage.removeItem(name)),
  };
}

function tried(use: (storage: Storage) => unknown): unknown {
  try {
    return use(window.localStorage);
  } catch {
    return null;
  }
}
