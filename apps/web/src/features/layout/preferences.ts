"use client";
import { setDefaultDigits } from "@basin/ui";
import { useSyncExternalStore } from "react";
import { browserPlace } from "./browser-place";

export interface Preferences {
  density: "comfortable" | "compact";
  /** Significant digits of figures. */
  digits: number;
  /** Single keys lead to pages. */
  shortcuts: boolean;
}

export const defaultPreferences: Preferences = { density: "comfortable", digits: 4, shortcuts: true };
export const digitChoices = [3, 4, 5, 6, 8] as const;

const place = browserPlace("basin.preferences");

/** Reads what a browser kept; anything that is no preference is the default. */
export function preferencesOf(given: unknown): Preferences {
  if (typeof given !== "object" || given === null) return defaultPreferences;
  const { density, digits, shortcuts } = given as Record<string, unknown>;
  return {
    density: density === "compact" ? "compact" : "comfortable",
    digits: digitChoices.find((each) => each === digits) ?? defaultPreferences.digits,
    shortcuts: shortcuts !== false,
  };
}

let current: Preferences | null = null;
const listeners = new Set<() => void>();

const snapshot = (): Preferences => (current ??= preferencesOf(place.read()));

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** How this browser wants pages to look; the server renders the defaults. */
export const usePreferences = (): Preferences => useSyncExternalStore(subscribe, snapshot, () => defaultPreferences);

/** Figures below the caller have the chosen digits; the server's come first where a page arrived with its figures. */
export function useChosenDigits(): void {
  setDefaultDigits(usePreferences().digits);
}

export function setPreferences(part: Partial<Preferences>): void {
  current = { ...snapshot(), ...part };
  place.keep(current);
  for (const listener of listeners) listener();
}
