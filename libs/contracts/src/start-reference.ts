import { ArtifactId, RunId } from "./ids";

/** Weights that a run starts from, and the run that they are of. */
export interface StartReference {
  run: RunId;
  artifact: ArtifactId;
}

/** As it stands in a configuration: "run/artifact". */
export function startText({ run, artifact }: StartReference): string {
  return `${run}/${artifact}`;
}

/** What such a text names; null for another text. */
export function startReferenceOf(text: string): StartReference | null {
  const [first = "", second = "", ...more] = text.split("/");
  const [run, artifact] = [RunId.safeParse(first), ArtifactId.safeParse(second)];
  return run.success && artifact.success && more.length === 0 ? { run: run.data, artifact: artifact.data } : null;
}
