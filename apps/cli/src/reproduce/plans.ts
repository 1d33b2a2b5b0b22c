import { benchmarkPlans } from "./benchmark-plans";
import { discoveryPlans } from "./discovery-plans";
import { equationPlans } from "./equation-plans";
import { interpolationPlans } from "./interpolation-plans";
import { knowledgePlans } from "./knowledge-plans";
import { learningPlans } from "./learning-plans";
import { lossPlans } from "./loss-plans";
import { penaltyPlans } from "./penalty-plans";
import { otherLossPlans } from "./other-loss-plans";
import { physicsPlans } from "./physics-plans";
import { rolloutPlans } from "./rollout-plans";
import type { Plan } from "./plan";
import { smallerPlans } from "./smaller-plans";

/** Everything that `basin reproduce --all` measures, in the order of the table. */
export const plans: readonly Plan[] = [
  ...physicsPlans,
  ...discoveryPlans,
  ...interpolationPlans,
  ...learningPlans,
  ...knowledgePlans,
  ...rolloutPlans,
  ...penaltyPlans,
  ...benchmarkPlans,
  ...lossPlans,
  ...otherLossPlans,
  ...equationPlans,
  ...smallerPlans,
];
