/** For each state, the events it accepts and the state each leads to. What is not listed is refused. */
export type TransitionTable<State extends string, Event extends string> = Readonly<
  Record<State, Readonly<Partial<Record<Event, State>>>>
>;

export interface Transition<State extends string, Event extends string> {
  from: State;
  event: Event;
  to: State;
}

/** `reason` is a sentence for the person or log that asked. */
export type TransitionResult<State extends string> = { ok: true; state: State } | { ok: false; reason: string };

/** Every legal transition, in the order of the given states and events. */
export function transitionsOf<State extends string, Event extends string>(
  table: TransitionTable<State, Event>,
  states: readonly State[],
  events: readonly Event[],
): Transition<State, Event>[] {
  return states.flatMap((from) =>
    events.flatMap((event) => {
      const to = table[from][event];
      return to === undefined ? [] : [{ from, event, to }];
    }),
  );
}
