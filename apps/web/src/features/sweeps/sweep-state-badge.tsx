import type { SweepState } from "@basin/contracts";
import { Badge } from "@mantine/core";

const colors: Record<SweepState, string> = { running: "blue", paused: "yellow", completed: "indigo", cancelled: "gray" };

/** `waits`: it runs, and none of its runs trains because others hold the slots. */
export function SweepStateBadge({ state, waits = false }: { state: SweepState; waits?: boolean }) {
  return (
    <Badge
      variant="outline"
      color={waits ? "yellow" : colors[state]}
      radius="sm"
      tt="none"
      fw={600}
      styles={{ root: { color: "var(--ink)", overflow: "visible", flex: "none" }, label: { overflow: "visible" } }}
    >
      {waits ? "waiting" : state}
    </Badge>
  );
}
