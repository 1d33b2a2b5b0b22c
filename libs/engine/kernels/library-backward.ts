import { FUNCTIONS, multiplyInto } from "./shared/library-base";
import { multiply, transpose } from "./shared/multiply";
import { addEach } from "./shared/row-sums";

/**
 * The gradient of `libraryForward` by the variables, out [samples, variables] of each run, from that by theta: the gradient by the base is
 * Σ_j (gradient∘the other factors)·selections[j]ᵀ, j ascending. `work`: samples·terms + columns·terms + 2·samples·columns floats.
 */
export function libraryBackward(
  v: usize,
  sine: usize,
  cosine: usize,
  selections: usize,
  factors: usize,
  gradient: usize,
  out: usize,
  runs: i32,
  samples: i32,
  variables: i32,
  terms: i32,
  longest: i32,
  softening: f32,
  work: usize,
): void {
  const columns = 1 + FUNCTIONS * variables;
  const row = <usize>variables << 2;
  const block = <usize>(samples * terms) << 2;
  const others = work;
  const turned = others + block;
  const sum = turned + (<usize>(columns * terms) << 2);
  const part = sum + (<usize>(samples * columns) << 2);
  for (let r = 0; r < runs; r++) {
    let selection = selections;
    for (let j = 0; j < longest; j++) {
      memory.copy(others, gradient, block);
      for (let i = 0; i < longest; i++) if (i != j) multiplyInto(factors + <usize>i * block, others, block);
      transpose(selection, turned, columns, terms);
      multiply(others, <usize>terms << 2, 4, turned, j == 0 ? sum : part, samples, terms, columns, 0, 0);
      if (j != 0) addEach(part, sum, samples * columns);
      selection += <usize>(columns * terms) << 2;
    }
    let by = sum + 4;
    for (let s = 0; s < samples; s++) {
      for (let i: usize = 0; i < row; i += 4) {
        const value = load<f32>(v + i);
        const square = value * value;
        const below = square + softening;
        const slope = (softening - square) / (below * below);
        const viaSine = load<f32>(by + row + i) * load<f32>(cosine + i);
        const viaCosine = load<f32>(by + 2 * row + i) * load<f32>(sine + i);
        store<f32>(out + i, load<f32>(by + i) + viaSine - viaCosine + load<f32>(by + 3 * row + i) * slope);
      }
      by += <usize>FUNCTIONS * row + 4;
      v += row;
      sine += row;
      cosine += row;
      out += row;
    }
    factors += <usize>longest * block;
    gradient += block;
  }
}
