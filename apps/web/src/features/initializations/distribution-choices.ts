import type { QueryOf } from "@basin/contracts";

export type Order = QueryOf<"getDistribution">["sort"];
export const orders: readonly { value: Order; label: string }[] = [
  { value: "median", label: "Best median first" },
  { value: "mean", label: "Best mean first" },
  { value: "success", label: "Highest success rate first" },
  { value: "spread", label: "Narrowest first" },
  { value: "index", label: "In order of creation" },
];

export type Limit = "30" | "100" | "300";
export const limits: readonly { value: Limit; label: string }[] = [
  { value: "30", label: "30 groups" },
  { value: "100", label: "100 groups" },
  { value: "300", label: "300 groups" },
];
