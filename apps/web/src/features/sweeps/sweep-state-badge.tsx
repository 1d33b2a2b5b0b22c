import type { SweepState } from "@basin/contracts";
import { Badge } from "@mantine/core";

const colors: Record<SweepState, string> = { running: "blue", paused: "yellow", completed: "indigo", cancelled: "gray" };

export function SweepStateBadge({ state }: { state: SweepState }) {
  return (
    <Badge
      variant="outline"
      color={colors[state]}
      radius="sm"
      tt="none"
      fw={600}
      styles={{ root: { color: "var(--ink)", overflow: "visible", flex: "none" }, label: { overflow: "visible" } }}
    >
      {state}
    </Badge>
  );
}
