import { denseBackward } from "./dense-backward";
import { denseForward } from "./dense-forward";
import { gatherRows } from "./gather-rows";
import { lossGradient } from "./loss-gradient";
import { optimizerStep } from "./optimizer-step";

/**
 * Bytes of a layer's record: its sizes k and n, its activation's number, the addresses of weights, biases and up to two slots of each for all
 * runs (0: none), then of what one run needs for one batch: input, f′ (0: linear), gradients of weights and biases, output and its gradient.
 */
const LAYER: usize = 15 << 2;
const K = 0;
const N = 4;
const KIND = 8;
const WEIGHT = 12;
const BIAS = 16;
const WEIGHT_A = 20;
const BIAS_A = 24;
const WEIGHT_B = 28;
const BIAS_B = 32;
const INPUT = 36;
const SLOPE = 40;
const D_WEIGHT = 44;
const D_BIAS = 48;
const OUTPUT = 52;
const D_OUTPUT = 56;

/**
 * One pass of each run over its `samples` rows of `order` through a chain of dense layers: for each batch a forward pass, the loss, a
 * backward pass and an optimizer step in place, by the kernels that would otherwise run one after the other over all runs, in the same
 * order, so that the bits are the same. Here a run takes all its steps before the next one begins: its weights, slots and values
 * stay in the second cache. losses [steps, runs]; hyper [steps, runs, 8]; `table`: a record for each layer, each taking the one before's
 * output as its input. `wanted`: batch·outputs floats for a batch of `targets`. `edge`: 64 bytes. `work`: `denseBackward`'s scratch for the greatest layer.
 */
export function denseEpoch(
  optimizer: i32,
  loss: i32,
  table: usize,
  layers: i32,
  data: usize,
  targets: usize,
  order: usize,
  hyper: usize,
  losses: usize,
  runs: i32,
  samples: i32,
  batch: i32,
  wanted: usize,
  work: usize,
  edge: usize,
): void {
  const last = table + <usize>(layers - 1) * LAYER;
  const width = load<i32>(table, K);
  const outputs = load<i32>(last, N);
  for (let r = 0; r < runs; r++) {
    let rate = hyper + (<usize>r << 5);
    let mean = losses + (<usize>r << 2);
    const own = order + ((<usize>r * samples) << 2);
    for (let start = 0; start < samples; start += batch) {
      const m = min<i32>(batch, samples - start);
      gatherRows(data, own, load<u32>(table, INPUT), 1, samples, start, m, width);
      gatherRows(targets, own, wanted, 1, samples, start, m, outputs);
      for (let at = table; at <= last; at += LAYER) forwardLayer(at, r, m, edge);
      lossGradient(loss, load<u32>(last, OUTPUT), wanted, load<u32>(last, D_OUTPUT), mean, 1, m, outputs, 0);
      for (let at = last; at >= table; at -= LAYER) backwardLayer(at, r, m, at == table, work);
      for (let at = table; at <= last; at += LAYER) stepLayer(optimizer, at, r, rate, edge);
      rate += <usize>runs << 5;
      mean += <usize>runs << 2;
    }
  }
}

/** Address of run r's part of an array of `floats` per run; 0 stays 0. */
@inline
function part(address: usize, r: i32, floats: i32): usize {
  return address ? address + ((<usize>r * floats) << 2) : 0;
}

function forwardLayer(at: usize, r: i32, m: i32, edge: usize): void {
  const k = load<i32>(at, K);
  const n = load<i32>(at, N);
  const w = part(load<u32>(at, WEIGHT), r, k * n);
  const b = part(load<u32>(at, BIAS), r, n);
  denseForward(load<i32>(at, KIND), load<u32>(at, INPUT), w, b, load<u32>(at, OUTPUT), load<u32>(at, SLOPE), 1, m, k, n, edge);
}

function backwardLayer(at: usize, r: i32, m: i32, first: bool, work: usize): void {
  const k = load<i32>(at, K);
  const n = load<i32>(at, N);
  const w = part(load<u32>(at, WEIGHT), r, k * n);
  let dx: usize = 0;
  if (!first) dx = load<u32>(at - LAYER, D_OUTPUT);
  const dw = load<u32>(at, D_WEIGHT);
  denseBackward(load<u32>(at, D_OUTPUT), load<u32>(at, SLOPE), load<u32>(at, INPUT), w, dw, load<u32>(at, D_BIAS), dx, 1, m, k, n, work);
}

function stepLayer(optimizer: i32, at: usize, r: i32, rate: usize, edge: usize): void {
  const n = load<i32>(at, N);
  const count = load<i32>(at, K) * n;
  const w = part(load<u32>(at, WEIGHT), r, count);
  const wa = part(load<u32>(at, WEIGHT_A), r, count);
  const wb = part(load<u32>(at, WEIGHT_B), r, count);
  optimizerStep(optimizer, w, load<u32>(at, D_WEIGHT), wa, wb, w, wa, wb, rate, 1, count, edge);
  const b = part(load<u32>(at, BIAS), r, n);
  const ba = part(load<u32>(at, BIAS_A), r, n);
  const bb = part(load<u32>(at, BIAS_B), r, n);
  optimizerStep(optimizer, b, load<u32>(at, D_BIAS), ba, bb, b, ba, bb, rate, 1, n, edge);
}
