import { minimizeLbfgs, randomStream } from "@basin/numerics";
import { expect, test } from "vitest";
import { judge, judgedPoses } from "./judgement";
import { bestPose, chargesOf, drawDocking, mirrored, outputWidth, patterns, poseDistance, turned } from "./poses";
import { chain, pairEnergy, poseEnergy } from "./potential";

test("two atoms at rest have r = 2^(1/6) and E = −1; below 0.85 the energy goes on linearly", () => {
  const [energy, slope] = pairEnergy(2 ** (1 / 6), 0, chain);
  expect(energy).toBeCloseTo(-1, 12);
  expect(slope).toBeCloseTo(0, 12);
  expect(pairEnergy(0.85, 0, chain)[0]).toBeCloseTo(17.515, 3);
  // Formulas written out anew, with charges.
  const direct = (r: number): number => 4 * (r ** -12 - r ** -6) + (chain.coulomb * 0.09) / r;
  expect(pairEnergy(1.3, 0.09, chain)[0]).toBeCloseTo(direct(1.3), 12);
  const h = 1e-6;
  const atInner = (direct(0.85 + h) - direct(0.85 - h)) / (2 * h);
  expect(pairEnergy(0.5, 0.09, chain)[0]).toBeCloseTo(direct(0.85) - 0.35 * atInner, 5);
  expect(pairEnergy(0.5, 0.09, chain)[1]).toBeCloseTo(atInner, 5);
});

test("the energy of a pose has the gradient of central differences, and bonds at rest cost nothing", () => {
  const pose = Float64Array.from({ length: outputWidth }, (_, at) => randomStream(5, "pose").normal(at));
  const charges = chargesOf(6);
  const { gradient } = poseEnergy(pose, charges);
  const h = 1e-6;
  gradient.forEach((slope, at) => {
    const energyAt = (change: number): number =>
      poseEnergy(
        pose.map((value, k) => (k === at ? value + change : value)),
        charges,
      ).energy;
    const want = (energyAt(h) - energyAt(-h)) / (2 * h);
    expect(Math.abs(slope - want)).toBeLessThan(1e-6 * Math.max(1, Math.abs(want)));
  });
  const far = [100, 0, 101.12, 0, 102.24, 0, 103.36, 0];
  const pairs = [pairEnergy(2.24, 0, chain)[0], pairEnergy(2.24, 0, chain)[0], pairEnergy(3.36, 0, chain)[0]];
  expect(poseEnergy(far, [0, 0, 0, 0]).energy).toBeCloseTo(
    pairs.reduce((a, b) => a + b, 0),
    6,
  );
});

test("the best pose of every pattern and its mirror image are alone: no descent from many starts ends lower or within 2 ε", () => {
  for (let pattern = 0; pattern < patterns; pattern++) {
    const charges = chargesOf(pattern);
    const best = bestPose(pattern);
    const { energy, gradient, leastDistance } = poseEnergy(best, charges);
    expect(Math.max(...gradient.map(Math.abs))).toBeLessThan(1e-6);
    expect(leastDistance).toBeGreaterThan(1.1);
    expect(energy).toBeGreaterThan(-11.5);
    expect(energy).toBeLessThan(-9.3);
    expect(poseEnergy(mirrored(best), charges).energy).toBeCloseTo(energy, 12);
    const stream = randomStream(1, "docking/starts", pattern);
    let found = 0;
    for (let start = 0; start < 40; start++) {
      let [x, y, turn] = [5 * stream.uniform(20 * start) - 2.5, 3 * stream.uniform(20 * start + 1) - 2.2, 0];
      const pose: number[] = [];
      for (let i = 0; i < 4; i++) {
        pose.push(x, y);
        turn += i === 0 ? 2 * Math.PI * stream.uniform(20 * start + 2) : 3 * (stream.uniform(20 * start + 2 + i) - 0.5);
        x += 1.12 * Math.cos(turn);
        y += 1.12 * Math.sin(turn);
      }
      const ended = minimizeLbfgs(
        (z) => {
          const at = poseEnergy(z, charges);
          return { value: at.energy, gradient: at.gradient };
        },
        pose,
        { maxEvaluations: 400, gradientTolerance: 1e-6 },
      );
      const near = Math.min(poseDistance(ended.point, best), poseDistance(ended.point, mirrored(best)));
      if (near < 1e-3) found += 1;
      else expect(ended.value).toBeGreaterThan(energy + 2);
    }
    expect(found).toBeGreaterThan(0);
  }
});

test("labels are the best pose or its image, turned with the pocket; their mean has overlapping atoms", () => {
  const drawn = drawDocking("training", 400, 2);
  const poses = judgedPoses(drawn, drawn.poses);
  for (const { error, energy, leastDistance } of poses) {
    expect(error).toBeLessThan(1e-5);
    expect(energy).toBeLessThan(-9.3);
    expect(leastDistance).toBeGreaterThan(1.1);
  }
  const left = poses.filter(({ pose }) => (pose[0] ?? 0) < 0).length;
  expect(Math.abs(left - 200)).toBeLessThan(40);
  const mean = Array.from(drawn.patterns, (pattern, i) => {
    const best = bestPose(pattern);
    const middle = best.map((value, at) => (value + (mirrored(best)[at] ?? NaN)) / 2);
    return [...turned(middle, drawn.inputs[6 * i + 4] ?? NaN, drawn.inputs[6 * i + 5] ?? NaN)];
  }).flat();
  expect(judge(drawn, mean)).toMatchObject({ possibleShare: 0, overlapShare: 1, nearShare: 0 });
  expect(judge(drawn, drawn.poses)).toMatchObject({ possibleShare: 1, overlapShare: 0, nearShare: 1 });
});
