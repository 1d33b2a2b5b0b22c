import type { Configuration, Issue, Objective, Space } from "@basin/contracts";
import type { z } from "zod";
import type { SearchHistory, TrialResults } from "./search-history";

/** What the scheduler tells an algorithm. */
export type SearchEvent =
  /** There is room for up to `trials` new trials. */
  | { type: "capacity"; trials: number }
  /** How runs ended, run by run. The history that comes with the event holds it already. */
  | { type: "results"; trials: readonly TrialResults[] };

/** What an algorithm wants. Trials are numbered from 0 without gaps, in the order of creation. */
export type SearchAction =
  | { type: "create-trial"; trial: number; parameters: Configuration }
  /** No further trial will ever be created (until the sweep is extended). */
  | { type: "exhausted" };

/** The part of a sweep that a search sees. Fixed for the sweep's life, except `config` when the sweep is extended. */
export interface SearchInput<C> {
  space: Space;
  config: C;
  seed: number;
  /** Comparisons of parameters that every trial meets; absent: none. */
  constraints?: readonly string[];
  /** Of the objective. */
  direction: Objective["direction"];
  /** Of further objectives; absent: there are none. */
  others?: readonly Objective["direction"][];
}

/**
 * A search algorithm as a pure value: event in, `{state, actions}` out. State is JSON and holds the algorithm's random number
 * generator; the history of trials and results is an argument, so state does not grow with it. There is no clock and no I/O, so
 * replaying the stored events gives the same trials. Every entry of the registry passes the conformance suite.
 */
export interface SearchAlgorithm<C = unknown, S = unknown> {
  id: string;
  /**
   * Raised when the same events would lead to other trials than before. The state of a sweep says which version it began with, and is searched on
   * by that.
   */
  version: number;
  title: string;
  summary: string;
  configSchema: z.ZodType<C>;
  stateSchema: z.ZodType<S>;
  /** Whether it wants `results` events and the history; of others nothing is told, and their history is empty. */
  listensToResults: boolean;
  /** The most objectives that it searches for at once; absent: one. */
  objectives?: number;
  /**
   * Whether its trials depend on the order in which runs happen to end (and so on how many trainers there are), not on results alone.
   * Absent: never.
   */
  dependsOnOrder?(config: C): boolean;
  /** What makes this space or config unusable, with a path from the sweep spec's root. Empty: usable. */
  check(input: SearchInput<C>): Issue[];
  /** What is likely not meant, though it can be searched; paths as in `check`. Nothing when absent. */
  warn?(input: SearchInput<C>): Issue[];
  /** How it goes about this search and why, in a sentence; absent where its summary says all. */
  explain?(input: SearchInput<C>): string;
  /** Number of trials in all; null when it is decided on the way. Never expands the space. */
  plan(input: SearchInput<C>): { trials: number | null };
  init(input: SearchInput<C>): S;
  next(input: SearchInput<C>, state: S, event: SearchEvent, history: SearchHistory): { state: S; actions: SearchAction[] };
  /** The config with `trials` more trials; absent when the algorithm has no trial budget. */
  extend?(config: C, trials: number): C;
}
