import { buildName, type Results } from "@basin/contracts";
import { formatCount } from "@basin/ui";
import css from "./builds.module.css";

/** Says that results are of runs of several builds, and of how many each; nothing where they are of one. */
export function MixedBuilds({ builds }: { builds: Results["builds"] }) {
  if (builds.length < 2) return null;
  return (
    <p className={css.mixed} role="status">
      Trained by {builds.length} builds, whose numbers may differ beyond chance:{" "}
      {builds.map((build, i) => (
        <span key={build.id}>
          {i > 0 && ", "}
          <code>{buildName(build)}</code> {formatCount(build.runs)} {build.runs === 1 ? "run" : "runs"}
        </span>
      ))}
      . The column “Build” of the runs says which.
    </p>
  );
}
