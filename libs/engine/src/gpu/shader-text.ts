import { regions, type Layout, type Place, type Region } from "./layout";
import type { Operand, Operation } from "./recording";
import { arithmetic, type Rounding } from "./rounding";
import { activationMath } from "./wgsl/activation";
import { doubleSums } from "./wgsl/double-sum";
import { logarithmOfPairs } from "./wgsl/loss-gradient";
import { pairMath, vectorMath } from "./wgsl/vector-math";

/** Threads of a workgroup. */
export const threads = 64;

/** Words of `Pack`: how many runs, where each region starts, and what the arithmetic is told. */
export const packWords = 12;

function head(rounding: Rounding): string {
  return `
struct Pack { runs: u32, ${regions.map((region) => `${region}: u32`).join(", ")}, one: f32, minusZero: f32, fused: u32, infinity: u32 };
@group(0) @binding(0) var<storage, read_write> m: array<f32>;
@group(0) @binding(1) var<storage, read_write> counter: array<u32>;
@group(0) @binding(2) var<uniform> pack: Pack;
${arithmetic(rounding)}${vectorMath}${pairMath}${doubleSums}${logarithmOfPairs}${activationMath}`;
}

/** The function of an operation: its item, where each operand lies, and its sizes. */
function functionText(name: string, { body, reads, writes, sizes }: Operation): string {
  const names = [...Object.keys(reads), ...Object.keys(writes), ...Object.keys(sizes)];
  return `fn ${name}(i: u32, ${names.map((one) => `${one}: u32`).join(", ")}) {\n  ${body}\n}`;
}

export function operandsOf({ reads, writes }: Operation): Operand[] {
  return [...Object.values(reads), ...Object.values(writes)];
}

/** One operation as a dispatch over runs and items, the same text for every place and size: those come in a uniform block. */
export function gridText(operation: Operation, rounding: Rounding): string {
  const operands = operandsOf(operation);
  const sizes = Object.keys(operation.sizes);
  const places = operands.map((_, k) => `op.places[${k}].x + r * op.places[${k}].y + step * op.places[${k}].z`);
  const numbers = sizes.map((_, k) => `op.sizes[${Math.floor(k / 4)}][${k % 4}]`);
  return `${head(rounding)}
struct Operation { items: u32, unused0: u32, unused1: u32, unused2: u32, places: array<vec4u, ${Math.max(1, operands.length)}>, sizes: array<vec4u, ${Math.max(1, Math.ceil(sizes.length / 4))}> };
@group(1) @binding(0) var<uniform> op: Operation;
${functionText("operation", operation)}
@compute @workgroup_size(${threads}) fn main(@builtin(global_invocation_id) g: vec3u, @builtin(num_workgroups) n: vec3u) {
  let j = g.x + g.y * n.x * ${threads}u;
  if (j >= op.items * pack.runs) { return; }
  let r = j / op.items;
  let step = counter[0];
  operation(j % op.items, ${[...places, ...numbers].join(", ")});
}`;
}

/** Counts a step of the grid's. */
export const countText = `
@group(0) @binding(0) var<storage, read_write> m: array<f32>;
@group(0) @binding(1) var<storage, read_write> counter: array<u32>;
@compute @workgroup_size(1) fn main() { counter[0] = counter[0] + 1u; }`;

/** Start of the block of run r, of step `step`, in a region; the text knows its floats and not how many runs there are. */
function blockStart(region: Region, floats: number): string {
  const start = `pack.${region}`;
  if (region === "forAll") return start;
  if (region === "sharedInputs") return `${start} + step * ${floats}u`;
  const steps = region === "ownInputs" || region === "outputs";
  return `${start} + (${steps ? "step * pack.runs + " : ""}r) * ${floats}u`;
}

/** All operations as one kernel: a workgroup owns a run and goes through the list, for as many steps as the counter says. */
export function fusedText({ operations, placeOf, blocks }: Layout, rounding: Rounding): string {
  const names = new Map<string, string>();
  const functions: string[] = [];
  const calls = operations.map((operation) => {
    const text = functionText("operation", operation);
    const known = names.get(text);
    const name = known ?? `operation${names.size}`;
    if (!known) {
      names.set(text, name);
      functions.push(functionText(name, operation));
    }
    const place = ({ region, at }: Place): string => `${region} + ${at}u`;
    const numbers = [
      ...operandsOf(operation).map((one) => place(placeOf(one))),
      ...Object.values(operation.sizes).map((n) => `${n}u`),
    ];
    return `for (var i = t; i < ${operation.items}u; i += ${threads}u) { ${name}(i, ${numbers.join(", ")}); } storageBarrier();`;
  });
  return `${head(rounding)}
var<workgroup> many: u32;
${functions.join("\n")}
@compute @workgroup_size(${threads}) fn main(@builtin(workgroup_id) w: vec3u, @builtin(local_invocation_index) t: u32) {
  if (t == 0u) { many = counter[1]; }
  let r = w.x;
  let steps = workgroupUniformLoad(&many);
  for (var taken = 0u; taken < steps; taken++) {
    let step = counter[0] + taken;
    ${regions.map((region) => `let ${region} = ${blockStart(region, blocks[region])};`).join("\n    ")}
    ${calls.join("\n    ")}
  }
}`;
}
