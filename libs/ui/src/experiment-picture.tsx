import type { ExperimentDescriptor, ExperimentPicture as PictureName } from "@basin/contracts";
import type { ComponentType } from "react";
import { blue, counted, line, orange, path, pictureHeight, pictureWidth } from "./plots/kinds/picture";
import { plotKinds } from "./plots/plot-kinds";

/** An orbit of the Lorenz system (σ = 10, ρ = 28, β = 8/3), x against z, by Euler's method. */
function Orbit() {
  let [x, y, z] = [1, 1, 20];
  const points = counted(1400).map((): [number, number] => {
    const step = 0.008;
    [x, y, z] = [x + step * 10 * (y - x), y + step * (x * (28 - z) - y), z + step * (x * y - (8 / 3) * z)];
    return [pictureWidth / 2 + x * 2.5, pictureHeight - 4 - z * 1.2];
  });
  return <path d={path(points)} {...line} strokeWidth={0.7} />;
}

/** Losses over the steps of a few initializations, one of which stays in another basin. */
function Losses() {
  return (
    <>
      {counted(5).map((i) => {
        const floor = i === 3 ? 26 : 50 - i;
        const points = counted(40).map((step): [number, number] => [
          8 + step * 2.7,
          8 + floor * (1 - Math.exp(-step / (5 + 2.2 * i))) + 1.1 * Math.sin(step * (1.3 + i)) * Math.exp(-step / 18),
        ]);
        return <path key={i} d={path(points)} {...line} stroke={i === 3 ? orange : blue} strokeWidth={1.1} />;
      })}
    </>
  );
}

const isKind = (name: PictureName): name is keyof typeof plotKinds => name in plotKinds;

function pictureOf({ picture, plots }: Pick<ExperimentDescriptor, "picture" | "plots">): ComponentType {
  if (picture === "orbit") return Orbit;
  if (picture !== undefined) return (isKind(picture) ? plotKinds[picture].picture : null) ?? Losses;
  const offered = new Set<string>(plots.map(({ kind }) => kind));
  const telling = Object.entries(plotKinds).find(([kind, record]) => offered.has(kind) && record.picture !== null);
  return telling?.[1].picture ?? Losses;
}

/** A small picture of what an experiment shows: the one that its descriptor names, else that of the most telling kind among its plots. */
export function ExperimentPicture({ experiment }: { experiment: Pick<ExperimentDescriptor, "picture" | "plots"> }) {
  const Picture = pictureOf(experiment);
  return (
    <svg viewBox={`0 0 ${pictureWidth} ${pictureHeight}`} aria-hidden="true" preserveAspectRatio="xMidYMid meet">
      <Picture />
    </svg>
  );
}
