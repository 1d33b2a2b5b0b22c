/** What the small pictures of experiments and kinds of plots are drawn with. */
export const pictureWidth = 120;
export const pictureHeight = 64;

export const blue = "light-dark(#0b5cad, #6cb6ff)";
export const orange = "light-dark(#b8560a, #f0a35e)";
export const soft = "light-dark(#9aa3ad, #6b737c)";
export const line = { fill: "none", stroke: blue, strokeWidth: 1.2, strokeLinejoin: "round" } as const;

export const counted = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
export const path = (points: readonly (readonly [number, number])[]): string =>
  points.map(([x, y], i) => `${i === 0 ? "M" : "L"}${x.toFixed(1)} ${y.toFixed(1)}`).join("");

/** The pendulum's phase portrait: orbits of θ̈ = −sin θ at several energies. */
export function Portrait() {
  const orbit = (start: number) => {
    let [angle, speed] = [start, 0];
    return counted(330).map((): [number, number] => {
      const step = 0.04;
      speed -= step * Math.sin(angle);
      angle += step * speed;
      return [pictureWidth / 2 + angle * 17, pictureHeight / 2 - speed * 13];
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
