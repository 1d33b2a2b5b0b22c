const SGD = 0;
const MOMENTUM = 1;
const NESTEROV = 2;
const ADAGRAD = 3;
const RMSPROP = 4;
const ADAM = 5;
const ADAGRAD_MOMENTUM = 6;

/**
 * One textbook step for each run's `count` weights w from their gradients g; a and b are the optimizer's slots (0 where it has
 * fewer). New values go to wOut, aOut, bOut. `hyper` [runs, 8] float32: η (for adam η/(1−β₁ᵗ)), ε, ρ or β₁, 1−ρ or 1−β₁, β₂, 1−β₂,
 * 1/(1−β₂ᵗ), unused. The complements come rounded once, because 1−β₂ in float32 would be off by 5e-5.
 * sgd w−ηg · momentum a←ρa+g, w−ηa · nesterov a←ρa+g, w−η(g+ρa) · adagrad a←a+g², w−ηg/(√a+ε) ·
 * rmsprop a←ρa+(1−ρ)g², w−ηg/(√a+ε) · adam a←β₁a+(1−β₁)g, b←β₂b+(1−β₂)g², w−η·â/(√b̂+ε) with bias-corrected â, b̂ ·
 * adagrad-momentum a←a+g², b←ρb+ηg/(√a+ε), w−b.
 */
export function optimizerStep(
  kind: i32,
  w: usize,
  g: usize,
  a: usize,
  b: usize,
  wOut: usize,
  aOut: usize,
  bOut: usize,
  hyper: usize,
  runs: i32,
  count: i32,
  edge: usize,
): void {
  const bytes = <usize>count << 2;
  const body = <usize>(count & ~3) << 2;
  const rest = bytes - body;
  for (let r = 0; r < runs; r++) {
    vectors(kind, w, g, a, b, wOut, aOut, bOut, hyper, body);
    if (rest) {
      v128.store(edge, f32x4.splat(0));
      v128.store(edge, f32x4.splat(0), 16);
      v128.store(edge, f32x4.splat(0), 32);
      v128.store(edge, f32x4.splat(0), 48);
      memory.copy(edge, w + body, rest);
      memory.copy(edge + 16, g + body, rest);
      if (a) memory.copy(edge + 32, a + body, rest);
      if (b) memory.copy(edge + 48, b + body, rest);
      vectors(kind, edge, edge + 16, edge + 32, edge + 48, edge, edge + 32, edge + 48, hyper, 16);
      memory.copy(wOut + body, edge, rest);
      if (a) memory.copy(aOut + body, edge + 32, rest);
      if (b) memory.copy(bOut + body, edge + 48, rest);
    }
    w += bytes;
    g += bytes;
    wOut += bytes;
    if (a) {
      a += bytes;
      aOut += bytes;
    }
    if (b) {
      b += bytes;
      bOut += bytes;
    }
    hyper += 32;
  }
}

function vectors(
  kind: i32,
  w: usize,
  g: usize,
  a: usize,
  b: usize,
  wOut: usize,
  aOut: usize,
  bOut: usize,
  hyper: usize,
  bytes: usize,
): void {
  const rate = v128.load_splat<f32>(hyper);
  const epsilon = v128.load_splat<f32>(hyper, 4);
  const rho = v128.load_splat<f32>(hyper, 8);
  const fresh = v128.load_splat<f32>(hyper, 12);
  switch (kind) {
    case SGD:
      for (let i: usize = 0; i < bytes; i += 16) {
        v128.store(wOut + i, f32x4.sub(v128.load(w + i), f32x4.mul(rate, v128.load(g + i))));
      }
      break;
    case MOMENTUM:
      for (let i: usize = 0; i < bytes; i += 16) {
        const m = f32x4.add(f32x4.mul(rho, v128.load(a + i)), v128.load(g + i));
        v128.store(aOut + i, m);
        v128.store(wOut + i, f32x4.sub(v128.load(w + i), f32x4.mul(rate, m)));
      }
      break;
    case NESTEROV:
      for (let i: usize = 0; i < bytes; i += 16) {
        const x = v128.load(g + i);
        const m = f32x4.add(f32x4.mul(rho, v128.load(a + i)), x);
        v128.store(aOut + i, m);
        v128.store(wOut + i, f32x4.sub(v128.load(w + i), f32x4.mul(rate, f32x4.add(x, f32x4.mul(rho, m)))));
      }
      break;
    case ADAGRAD:
      for (let i: usize = 0; i < bytes; i += 16) {
        const x = v128.load(g + i);
        const s = f32x4.add(v128.load(a + i), f32x4.mul(x, x));
        v128.store(aOut + i, s);
        const step = f32x4.div(f32x4.mul(rate, x), f32x4.add(f32x4.sqrt(s), epsilon));
        v128.store(wOut + i, f32x4.sub(v128.load(w + i), step));
      }
      break;
    case RMSPROP:
      for (let i: usize = 0; i < bytes; i += 16) {
        const x = v128.load(g + i);
        const s = f32x4.add(f32x4.mul(rho, v128.load(a + i)), f32x4.mul(fresh, f32x4.mul(x, x)));
        v128.store(aOut + i, s);
        const step = f32x4.div(f32x4.mul(rate, x), f32x4.add(f32x4.sqrt(s), epsilon));
        v128.store(wOut + i, f32x4.sub(v128.load(w + i), step));
      }
      break;
    case ADAM: {
      const beta2 = v128.load_splat<f32>(hyper, 16);
      const fresh2 = v128.load_splat<f32>(hyper, 20);
      const correction2 = v128.load_splat<f32>(hyper, 24);
      for (let i: usize = 0; i < bytes; i += 16) {
        const x = v128.load(g + i);
        const m = f32x4.add(f32x4.mul(rho, v128.load(a + i)), f32x4.mul(fresh, x));
        const v = f32x4.add(f32x4.mul(beta2, v128.load(b + i)), f32x4.mul(fresh2, f32x4.mul(x, x)));
        v128.store(aOut + i, m);
        v128.store(bOut + i, v);
        const root = f32x4.add(f32x4.sqrt(f32x4.mul(v, correction2)), epsilon);
        v128.store(wOut + i, f32x4.sub(v128.load(w + i), f32x4.div(f32x4.mul(rate, m), root)));
      }
      break;
    }
    case ADAGRAD_MOMENTUM:
      for (let i: usize = 0; i < bytes; i += 16) {
        const x = v128.load(g + i);
        const s = f32x4.add(v128.load(a + i), f32x4.mul(x, x));
        v128.store(aOut + i, s);
        const step = f32x4.div(f32x4.mul(rate, x), f32x4.add(f32x4.sqrt(s), epsilon));
        const m = f32x4.add(f32x4.mul(rho, v128.load(b + i)), step);
        v128.store(bOut + i, m);
        v128.store(wOut + i, f32x4.sub(v128.load(w + i), m));
      }
      break;
    default:
      unreachable();
  }
}
