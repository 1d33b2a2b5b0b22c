/** Its training code is somebody else's: outside workers run it. */
export interface ExternalProblem {
  kind: "external";
  /** As sweeps name this version. */
  ref: string;
  /** Words that a run may tell of itself. */
  labels: readonly string[];
}
