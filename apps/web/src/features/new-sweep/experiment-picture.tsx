import type { ExperimentDescriptor } from "@basin/contracts";
import type { ReactNode } from "react";

const width = 120;
const height = 64;

const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
const path = (points: readonly (readonly [number, number])[]): string =>
  points.map(([x, y], i) => `${i === 0 ? "M" : "L"}${x.toFixed(1)} ${y.toFixed(1)}`).join("");

const blue = "light-dark(#0b5cad, #6cb6ff)";
const orange = "light-dark(#b8560a, #f0a35e)";
const soft = "light-dark(#9aa3ad, #6b737c)";
const line = { fill: "none", stroke: blue, strokeWidth: 1.2, strokeLinejoin: "round" } as const;

/** An orbit of the Lorenz system (σ = 10, ρ = 28, β = 8/3), x against z, by Euler's method. */
function Orbit() {
  let [x, y, z] = [1, 1, 20];
  const points = range(1400).map((): [number, number] => {
    const step = 0.008;
    [x, y, z] = [x + step * 10 * (y - x), y + step * (x * (28 - z) - y), z + step * (x * y - (8 / 3) * z)];
    return [width / 2 + x * 2.5, height - 4 - z * 1.2];
  });
  return <path d={path(points)} {...line} strokeWidth={0.7} />;
}

/** The pendulum's phase portrait: orbits of θ̈ = −sin θ at several energies. */
function Portrait() {
  const orbit = (start: number) => {
    let [angle, speed] = [start, 0];
    return range(330).map((): [number, number] => {
      const step = 0.04;
      speed -= step * Math.sin(angle);
      angle += step * speed;
      return [width / 2 + angle * 17, height / 2 - speed * 13];
    });
  };
  return (
    <>
      {[0.5, 1.1, 1.8, 2.6].map((start, i) => (
        <path key={start} d={path(orbit(start))} {...line} stroke={i === 2 ? orange : blue} />
      ))}
    </>
  );
}

function Contours() {
  const ring = (size: number) =>
    range(61).map((i): [number, number] => {
      const t = (i / 60) * 2 * Math.PI;
      const bend = (size * Math.cos(t)) ** 2 * 0.012;
      return [width / 2 + 6 + size * 1.15 * Math.cos(t), height / 2 + 6 + size * 0.55 * Math.sin(t) - bend];
    });
  const descent = [
    [20, 10],
    [44, 46],
    [58, 26],
    [66, 43],
    [71, 33],
    [69, 38],
  ] as const;
  return (
    <>
      {[8, 18, 29, 40].map((size) => (
        <path key={size} d={path(ring(size))} {...line} stroke={soft} strokeWidth={1} />
      ))}
      <path d={path(descent)} {...line} stroke={orange} strokeWidth={1.5} />
      <circle cx={69} cy={38} r={2.4} fill={orange} />
    </>
  );
}

/** A wire frame of sin(x)·cos(y) seen from above at a slant. */
function Surface() {
  const at = (i: number, j: number): [number, number] => {
    const z = Math.sin((i / 14) * 2 * Math.PI) * Math.cos((j / 14) * Math.PI * 1.6);
    return [width / 2 + (i - j) * 3.7, 12 + (i + j) * 1.55 - z * 8];
  };
  return (
    <>
      {range(15).map((i) => (
        <path key={i} d={path(range(15).map((j) => at(i, j)))} {...line} strokeWidth={0.8} />
      ))}
      {range(15).map((j) => (
        <path key={j} d={path(range(15).map((i) => at(i, j)))} {...line} stroke={soft} strokeWidth={0.8} />
      ))}
    </>
  );
}

function HeatMap() {
  return (
    <>
      {range(6).flatMap((row) =>
        range(6).map((column) => (
          <rect
            key={`${row}${column}`}
            x={33 + column * 9}
            y={5 + row * 9}
            width={8.4}
            height={8.4}
            fill={row === column ? blue : orange}
            opacity={row === column ? 0.9 : 0.08 + ((row * 7 + column * 5) % 6) * 0.08}
          />
        )),
      )}
    </>
  );
}

function DecisionMap() {
  const edge = range(33).map((i): [number, number] => [i * 3.75, height / 2 + 11 * Math.sin(i / 4.6)]);
  return (
    <>
      <path d={`${path(edge)}L${width} ${height}L0 ${height}Z`} fill={blue} opacity={0.18} />
      <path d={path(edge)} {...line} strokeWidth={1.4} />
      {range(22).map((i) => {
        const x = 5 + ((i * 29) % 111);
        const above = i % 2 === 0;
        const y = height / 2 + 11 * Math.sin(x / 17.25) + (above ? -1 : 1) * (7 + ((i * 5) % 11));
        return <circle key={i} cx={x} cy={y} r={1.9} fill={above ? orange : blue} />;
      })}
    </>
  );
}

/** Frames of a swinging pendulum as a camera sees it. */
function Images() {
  return (
    <>
      {range(4).map((i) => {
        const angle = Math.cos((i / 3) * Math.PI) * 0.9;
        const [x, y] = [5 + i * 28, 19];
        return (
          <g key={i}>
            <rect x={x} y={y} width={25} height={25} fill="light-dark(#eef1f4, #2b2e33)" stroke={soft} strokeWidth={0.6} />
            <line
              x1={x + 12.5}
              y1={y + 5}
              x2={x + 12.5 + 14 * Math.sin(angle)}
              y2={y + 5 + 14 * Math.cos(angle)}
              stroke={soft}
              strokeWidth={1}
            />
            <circle cx={x + 12.5 + 14 * Math.sin(angle)} cy={y + 5 + 14 * Math.cos(angle)} r={3} fill={blue} />
          </g>
        );
      })}
    </>
  );
}

/** Losses over the steps of a few initializations, one of which stays in another basin. */
function Losses() {
  return (
    <>
      {range(5).map((i) => {
        const floor = i === 3 ? 26 : 50 - i;
        const points = range(40).map((step): [number, number] => [
          8 + step * 2.7,
          8 + floor * (1 - Math.exp(-step / (5 + 2.2 * i))) + 1.1 * Math.sin(step * (1.3 + i)) * Math.exp(-step / 18),
        ]);
        return <path key={i} d={path(points)} {...line} stroke={i === 3 ? orange : blue} strokeWidth={1.1} />;
      })}
    </>
  );
}

const pictures: Record<string, () => ReactNode> = {
  surface: Surface,
  contour: Contours,
  "decision-map": DecisionMap,
  "heat-map": HeatMap,
  "image-grid": Images,
  quiver: Portrait,
  scatter: Portrait,
};

/** A small picture of what an experiment shows: drawn after its own plots, the most telling kind first. */
export function ExperimentPicture({ experiment }: { experiment: Pick<ExperimentDescriptor, "id" | "plots"> }) {
  const kinds = new Set<string>(experiment.plots.map(({ kind }) => kind));
  // A chaotic system shows orbits in space; an oscillator a portrait in the plane.
  const orbits = /lorenz/.test(experiment.id) || experiment.plots.some(({ id }) => id === "orbit");
  const kind = Object.keys(pictures).find((each) => kinds.has(each));
  const Picture = orbits
    ? Orbit
    : kinds.has("equation")
      ? Portrait
      : ((kind === undefined ? undefined : pictures[kind]) ?? Losses);
  return (
    <svg viewBox={`0 0 ${width} ${height}`} aria-hidden="true" preserveAspectRatio="xMidYMid meet">
      <Picture />
    </svg>
  );
}
