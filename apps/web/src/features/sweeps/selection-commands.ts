import { messageOf, type RouteName, type Sweep } from "@basin/contracts";
import { formatCount } from "@basin/ui";
import { api } from "@/api-client/api";

type Ordered = Extract<
  RouteName,
  "pauseSweep" | "resumeSweep" | "cancelSweep" | "archiveSweep" | "unarchiveSweep" | "deleteSweep"
>;
export type SelectionCommand = Ordered | "tag";

interface CommandText {
  button: string;
  name: string;
  done: string;
  fits: (sweep: Sweep) => boolean;
}

const isOpen = ({ state }: Sweep): boolean => state === "running" || state === "paused";

/** What can be done with several sweeps, in the order of the buttons; each is offered for those that it fits. */
export const selectionCommands: Record<SelectionCommand, CommandText> = {
  pauseSweep: { button: "Pause", name: "Pausing", done: "paused", fits: ({ state }) => state === "running" },
  resumeSweep: { button: "Resume", name: "Resuming", done: "running again", fits: ({ state }) => state === "paused" },
  cancelSweep: { button: "Cancel", name: "Cancelling", done: "cancelled", fits: isOpen },
  tag: { button: "Tag", name: "Tagging", done: "tagged", fits: () => true },
  archiveSweep: {
    button: "Archive",
    name: "Archiving",
    done: "archived",
    fits: ({ state, archivedAt }) => state !== "running" && archivedAt === null,
  },
  unarchiveSweep: {
    button: "Unarchive",
    name: "Taking out of the archive",
    done: "in the list again",
    fits: ({ archivedAt }) => archivedAt !== null,
  },
  deleteSweep: { button: "Delete", name: "Deleting", done: "in the bin", fits: (sweep) => !isOpen(sweep) },
};

export const sweepsText = (count: number): string => `${formatCount(count)} ${count === 1 ? "sweep" : "sweeps"}`;

export interface TagChange {
  add: readonly string[];
  remove: readonly string[];
}

function order(command: SelectionCommand, sweep: Sweep, { add, remove }: TagChange): Promise<unknown> {
  const params = { sweep: sweep.id };
  if (command !== "tag") return api(command, { params });
  const tags = [...new Set([...sweep.spec.tags, ...add])].filter((tag) => !remove.includes(tag));
  return api("patchSweep", { params, body: { tags } });
}

export interface SelectionOutcome {
  done: Sweep[];
  /** Each with its sweep's name. */
  failed: { sweep: Sweep; reason: string }[];
}

/** Does it to each sweep by itself: one that refuses keeps none of the others from it. */
export async function commandSweeps(
  command: SelectionCommand,
  sweeps: readonly Sweep[],
  tags: TagChange = { add: [], remove: [] },
): Promise<SelectionOutcome> {
  const answers = await Promise.allSettled(sweeps.map((sweep) => order(command, sweep, tags)));
  const outcome: SelectionOutcome = { done: [], failed: [] };
  for (const [i, sweep] of sweeps.entries()) {
    const answer = answers[i];
    if (answer?.status === "rejected") outcome.failed.push({ sweep, reason: messageOf(answer.reason) });
    else outcome.done.push(sweep);
  }
  return outcome;
}
