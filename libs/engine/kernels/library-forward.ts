import { FUNCTIONS, multiplyInto } from "./shared/library-base";
import { multiply } from "./shared/multiply";

/**
 * A library's terms at `samples` places of each run, every term a product of `longest` factors, columns of the base [1, v, sin v, cos v,
 * v/(v² + softening)]: factors[r, j] = base·selections[j], theta[r] = their product, j ascending. v, sine and cosine [samples, variables];
 * selections [longest, 1 + 4·variables, terms], shared by the runs; factors [longest, samples, terms] and theta [samples, terms] of each.
 * `base`: scratch of samples·(1 + 4·variables) floats.
 */
export function libraryForward(
  v: usize,
  sine: usize,
  cosine: usize,
  selections: usize,
  theta: usize,
  factors: usize,
  runs: i32,
  samples: i32,
  variables: i32,
  terms: i32,
  longest: i32,
  softening: f32,
  base: usize,
): void {
  const columns = 1 + FUNCTIONS * variables;
  const row = <usize>variables << 2;
  const block = <usize>(samples * terms) << 2;
  for (let r = 0; r < runs; r++) {
    let to = base;
    for (let s = 0; s < samples; s++) {
      store<f32>(to, 1);
      to += 4;
      for (let i: usize = 0; i < row; i += 4) {
        const value = load<f32>(v + i);
        store<f32>(to + i, value);
        store<f32>(to + row + i, load<f32>(sine + i));
        store<f32>(to + 2 * row + i, load<f32>(cosine + i));
        store<f32>(to + 3 * row + i, value / (value * value + softening));
      }
      to += <usize>FUNCTIONS * row;
      v += row;
      sine += row;
      cosine += row;
    }
    let selection = selections;
    for (let j = 0; j < longest; j++) {
      multiply(base, <usize>columns << 2, 4, selection, factors, samples, columns, terms, 0, 0);
      selection += <usize>(columns * terms) << 2;
      if (j == 0) memory.copy(theta, factors, block);
      else multiplyInto(factors, theta, block);
      factors += block;
    }
    theta += block;
  }
}
