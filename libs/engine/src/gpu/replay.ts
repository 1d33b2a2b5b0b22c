import { OutOfMemory } from "../backend/wasm-heap";
import type { StepInput } from "../step";
import { layOut, regions, type Layout, type Place, type Region } from "./layout";
import type { Gpu } from "./open-gpu";
import { pipelinesOf } from "./pipelines";
import type { Operand, Recording } from "./recording";
import type { Rounding } from "./rounding";
import { countText, fusedText, gridText, operandsOf, packWords, threads } from "./shader-text";

/** Every operation a dispatch over runs and items, or all of them a dispatch in which a workgroup owns a run. The bits are the same. */
export type Schedule = "grid" | "fused";

/** Inputs and outputs of so many bytes lie on the device at once. */
const mostStepBytes = 32 * 1024 ** 2;
const mostSteps = 512;
/** Of one axis of a dispatch. */
const mostGroups = 65535;

/** A recorded step with everything that a pack needs to take it many times, all of it in one buffer. */
export class Replay {
  readonly recording: Recording;
  /** Steps whose inputs and outputs have room. */
  readonly capacity: number;
  readonly arena: GPUBuffer;
  private readonly layout: Layout;
  private readonly starts: Record<Region, number>;
  private readonly counter: GPUBuffer;
  private readonly pack: GPUBuffer;
  private readonly operations: GPUBuffer;
  private readonly packGroup: GPUBindGroup;
  private readonly groups: readonly GPUBindGroup[];
  private grid: readonly GPUComputePipeline[] | null = null;
  private count: GPUComputePipeline | null = null;
  private fused: GPUComputePipeline | null = null;

  /** Throws OutOfMemory when the device cannot hold the pack in one buffer. */
  constructor(
    private readonly gpu: Gpu,
    recording: Recording,
    private readonly rounding: Rounding,
  ) {
    const { device } = gpu;
    this.recording = recording;
    this.layout = layOut(recording);
    const { runs } = recording;
    const { blocks } = this.layout;
    const stepFloats = blocks.sharedInputs + runs * (blocks.ownInputs + blocks.outputs);
    this.capacity = Math.max(1, Math.min(mostSteps, Math.floor(mostStepBytes / 4 / Math.max(1, stepFloats))));
    let next = 0;
    this.starts = Object.fromEntries(
      regions.map((region) => {
        const start = next;
        next += blocks[region] * this.blocksOf(region);
        return [region, start];
      }),
    ) as Record<Region, number>;
    const most = Math.min(device.limits.maxStorageBufferBindingSize, device.limits.maxBufferSize);
    if (4 * next > most) throw new OutOfMemory(4 * next, 0, most);
    const storage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC;
    const uniform = GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST;
    const slices = this.layout.operations.map((operation) => {
      const { sizes } = operation;
      const words = 4 + 4 * Math.max(1, operandsOf(operation).length) + 4 * Math.max(1, Math.ceil(Object.keys(sizes).length / 4));
      return 256 * Math.ceil((4 * words) / 256);
    });
    this.arena = device.createBuffer({ size: 4 * Math.max(4, next), usage: storage });
    this.counter = device.createBuffer({ size: 16, usage: storage });
    this.pack = device.createBuffer({ size: 4 * packWords, usage: uniform });
    this.operations = device.createBuffer({
      size: Math.max(
        256,
        slices.reduce((a, b) => a + b, 0),
      ),
      usage: uniform,
    });
    const pipelines = pipelinesOf(device);
    this.packGroup = device.createBindGroup({
      layout: pipelines.packGroup,
      entries: [this.arena, this.counter, this.pack].map((buffer, binding) => ({ binding, resource: { buffer } })),
    });
    let offset = 0;
    this.groups = slices.map((size) => {
      const resource = { buffer: this.operations, offset, size };
      offset += size;
      return device.createBindGroup({ layout: pipelines.operationGroup, entries: [{ binding: 0, resource }] });
    });
    this.writeNumbers(slices);
  }

  /** Dispatches that a step takes. */
  dispatches(schedule: Schedule): number {
    return schedule === "fused" ? 1 : this.layout.operations.length + 1;
  }

  async compile(schedule: Schedule): Promise<void> {
    const pipelines = pipelinesOf(this.gpu.device);
    if (schedule === "fused") {
      this.fused ??= await pipelines.compile(fusedText(this.layout, this.rounding), "whole");
      return;
    }
    this.count ??= await pipelines.compile(countText, "whole");
    this.grid ??= await Promise.all(
      this.layout.operations.map((operation) => pipelines.compile(gridText(operation, this.rounding), "grid")),
    );
  }

  isCompiled(schedule: Schedule): boolean {
    return (schedule === "fused" ? this.fused : this.grid) !== null;
  }

  /** The state of all runs, a block for each. */
  get state(): { at: number; floats: number } {
    return { at: this.starts.state, floats: this.recording.runs * this.layout.blocks.state };
  }

  /** Where a tensor of the state lies in a run's block, and how long a block is. */
  get stateBlock(): { floats: number; places: readonly number[] } {
    const operand = (index: number): Operand => ({ value: { floats: 0, home: { kind: "state", index } }, byRun: true });
    return {
      floats: this.layout.blocks.state,
      places: this.recording.stateFloats.map((_, index) => this.layout.placeOf(operand(index)).at),
    };
  }

  /** Of that many steps, a block for each run of each step; the outputs one behind the other, each in whole fours. */
  outputs(steps: number): { at: number; floats: number; block: number } {
    const block = this.layout.blocks.outputs;
    return { at: this.starts.outputs, floats: steps * this.recording.runs * block, block };
  }

  writeState(values: Float32Array): void {
    this.gpu.device.queue.writeBuffer(this.arena, 4 * this.starts.state, values);
  }

  /** The inputs of steps, at most as many as there is room for; the next dispatch begins with the first. */
  writeInputs(steps: readonly (readonly StepInput[])[]): void {
    const { runs, inputs } = this.recording;
    const { blocks } = this.layout;
    const shared = new Float32Array(steps.length * blocks.sharedInputs);
    const own = new Float32Array(steps.length * runs * blocks.ownInputs);
    steps.forEach((given, step) => {
      given.forEach(({ values }, index) => {
        const { floats, byRun } = inputs[index] ?? { floats: 0, byRun: false };
        const at = this.layout.inputs[index]?.at ?? 0;
        if (!byRun) shared.set(values, step * blocks.sharedInputs + at);
        else
          for (let run = 0; run < runs; run++)
            own.set(values.subarray(run * floats, (run + 1) * floats), (step * runs + run) * blocks.ownInputs + at);
      });
    });
    const { queue } = this.gpu.device;
    if (shared.length > 0) queue.writeBuffer(this.arena, 4 * this.starts.sharedInputs, shared);
    if (own.length > 0) queue.writeBuffer(this.arena, 4 * this.starts.ownInputs, own);
  }

  /** Takes steps `first` … first + steps − 1 of those whose inputs were written. */
  take(schedule: Schedule, first: number, steps: number): void {
    const { device } = this.gpu;
    device.queue.writeBuffer(this.counter, 0, Uint32Array.of(first, steps));
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    pass.setBindGroup(0, this.packGroup);
    const { runs } = this.recording;
    if (schedule === "fused") {
      if (!this.fused) throw new Error("the fused schedule is not compiled");
      pass.setPipeline(this.fused);
      pass.dispatchWorkgroups(runs);
    } else {
      if (!this.grid || !this.count) throw new Error("the grid schedule is not compiled");
      const list = this.layout.operations.map(({ items }, k) => ({
        pipeline: this.grid?.[k],
        group: this.groups[k],
        groups: Math.ceil((items * runs) / threads),
      }));
      for (let step = 0; step < steps; step++) {
        for (const { pipeline, group, groups } of list) {
          if (!pipeline || !group) throw new Error("an operation without its kernel");
          pass.setPipeline(pipeline);
          pass.setBindGroup(1, group);
          if (groups <= mostGroups) pass.dispatchWorkgroups(groups);
          else pass.dispatchWorkgroups(mostGroups, Math.ceil(groups / mostGroups));
        }
        pass.setPipeline(this.count);
        pass.dispatchWorkgroups(1);
      }
    }
    pass.end();
    device.queue.submit([encoder.finish()]);
  }

  destroy(): void {
    for (const buffer of [this.arena, this.counter, this.pack, this.operations]) buffer.destroy();
  }

  /** Blocks that a region has. */
  private blocksOf(region: Region): number {
    const { runs } = this.recording;
    switch (region) {
      case "forAll":
        return 1;
      case "sharedInputs":
        return this.capacity;
      case "ownInputs":
      case "outputs":
        return this.capacity * runs;
      default:
        return runs;
    }
  }

  /** Floats from a place to that of the next run, and of the next step. */
  private strides({ region }: Place): [run: number, step: number] {
    const floats = this.layout.blocks[region];
    switch (region) {
      case "forAll":
        return [0, 0];
      case "sharedInputs":
        return [0, floats];
      case "ownInputs":
      case "outputs":
        return [floats, floats * this.recording.runs];
      default:
        return [floats, 0];
    }
  }

  private writeNumbers(slices: readonly number[]): void {
    const { queue } = this.gpu.device;
    const words = new Uint32Array(packWords);
    words.set([this.recording.runs, ...regions.map((region) => this.starts[region])]);
    words.set(new Uint32Array(Float32Array.of(1, -0).buffer), 1 + regions.length);
    words[3 + regions.length] = Number(this.gpu.arithmetic.fuses);
    words[4 + regions.length] = 0x7f800000;
    queue.writeBuffer(this.pack, 0, words);
    let offset = 0;
    this.layout.operations.forEach((operation, k) => {
      const operands = operandsOf(operation);
      const size = slices[k] ?? 0;
      const block = new Uint32Array(size / 4);
      block[0] = operation.items;
      operands.forEach((operand, o) => {
        const place = this.layout.placeOf(operand);
        block.set([this.starts[place.region] + place.at, ...this.strides(place)], 4 + 4 * o);
      });
      block.set(Object.values(operation.sizes), 4 + 4 * Math.max(1, operands.length));
      queue.writeBuffer(this.operations, offset, block);
      offset += size;
    });
    const { runs } = this.recording;
    for (const { place, values } of this.layout.constants) {
      const start = this.starts[place.region] + place.at;
      if (place.region === "forAll") queue.writeBuffer(this.arena, 4 * start, Float32Array.from(values));
      else {
        const own = values.length / runs;
        const block = this.layout.blocks.own;
        for (let run = 0; run < runs; run++)
          queue.writeBuffer(
            this.arena,
            4 * (start + run * block),
            Float32Array.from(values.subarray(run * own, (run + 1) * own)),
          );
      }
    }
  }
}
