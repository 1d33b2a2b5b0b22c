import { ImageGridView } from "../image-grid-view";
import type { ViewedKind } from "../plot-kind";
import { blue, counted, soft } from "./picture";
import { spaced } from "./sample-values";

function blob(time: number, blur: number): string {
  const bytes = Array.from({ length: 32 * 32 }, (_, i) => {
    const [x, y] = [(i % 32) - 16 - 8 * Math.sin(time), Math.floor(i / 32) - 16 - 8 * Math.cos(time)];
    return String.fromCharCode(Math.round(255 * Math.exp(-(x * x + y * y) / blur)));
  });
  return btoa(bytes.join(""));
}
const times = spaced(16, 0, 3);

/** Frames of a swinging pendulum as a camera sees it. */
function Images() {
  return (
    <>
      {counted(4).map((i) => {
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

export const imageGrid: ViewedKind<"image-grid"> = {
  View: ImageGridView,
  picture: Images,
  samples: () => [
    {
      title: "Video and its reconstruction",
      caption: "The blob must keep its place.",
      width: 32,
      height: 32,
      range: [0, 1],
      frames: times.map((t) => `t = ${t.toFixed(1)} s`),
      rows: [
        { name: "original", frames: times.map((t) => blob(2 * t, 18)) },
        { name: "reconstructed", frames: times.map((t) => blob(2 * t + 0.05, 26)) },
      ],
    },
  ],
};
