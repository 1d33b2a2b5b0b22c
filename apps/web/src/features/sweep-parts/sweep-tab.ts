import type { ExperimentDescriptor, Sweep, Trial } from "@basin/contracts";
import type { GroupLooks } from "./groups";
import type { SweepUrl } from "./sweep-url";

/** What every tab of a sweep's page is given. */
export interface SweepTabProps {
  sweep: Sweep;
  experiment: ExperimentDescriptor;
  /** The first thousand. */
  trials: readonly Trial[];
  /** Parameters that the sweep varies, in the experiment's order. */
  varied: readonly string[];
  /** Looks and names of the chosen groups. */
  looks: GroupLooks;
  url: SweepUrl;
}
