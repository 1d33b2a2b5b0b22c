import type { SearchHistory } from "./search-history";

const views = new WeakMap<SearchHistory, SearchHistory>();

/**
 * A history in which the trials of an earlier sweep come before the sweep's own, and how many they are. The same object from event to event, as the
 * history is.
 */
export function withEarlier(history: SearchHistory): { all: SearchHistory; earlier: number } {
  const { learned, trials } = history;
  if (learned === undefined || learned.length === trials.length) return { all: history, earlier: 0 };
  let all = views.get(history);
  if (!all) {
    all = {
      get trials() {
        return history.learned ?? history.trials;
      },
    };
    views.set(history, all);
  }
  return { all, earlier: learned.length - trials.length };
}

const shifted = new WeakMap<SearchHistory, SearchHistory>();

/** The history of the trials from number `from` on, to which those before and those of an earlier sweep are earlier ones. `from` is the same for each history. */
export function behind(history: SearchHistory, from: number): SearchHistory {
  let view = shifted.get(history);
  if (!view) {
    view = {
      get trials() {
        return history.trials.slice(from);
      },
      get learned() {
        return history.learned ?? history.trials;
      },
    };
    shifted.set(history, view);
  }
  return view;
}
