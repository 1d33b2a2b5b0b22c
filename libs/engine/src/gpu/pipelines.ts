/** Compiled kernels of a device, by their text; a pack's width does not enter it, so that the next pack finds them. */
export class Pipelines {
  private readonly known = new Map<string, Promise<GPUComputePipeline>>();
  readonly packGroup: GPUBindGroupLayout;
  readonly operationGroup: GPUBindGroupLayout;
  private readonly layouts: { grid: GPUPipelineLayout; whole: GPUPipelineLayout };

  constructor(private readonly device: GPUDevice) {
    const group = (types: readonly GPUBufferBindingType[]): GPUBindGroupLayout =>
      device.createBindGroupLayout({
        entries: types.map((type, binding) => ({ binding, visibility: GPUShaderStage.COMPUTE, buffer: { type } })),
      });
    this.packGroup = group(["storage", "storage", "uniform"]);
    this.operationGroup = group(["uniform"]);
    this.layouts = {
      grid: device.createPipelineLayout({ bindGroupLayouts: [this.packGroup, this.operationGroup] }),
      whole: device.createPipelineLayout({ bindGroupLayouts: [this.packGroup] }),
    };
  }

  /** Rejects with what the compiler says and the line that it says it of. */
  compile(code: string, layout: "grid" | "whole"): Promise<GPUComputePipeline> {
    const known = this.known.get(code) ?? this.compiled(code, layout);
    this.known.set(code, known);
    return known;
  }

  private async compiled(code: string, layout: "grid" | "whole"): Promise<GPUComputePipeline> {
    const module = this.device.createShaderModule({ code });
    const { messages } = await module.getCompilationInfo();
    const wrong = messages.find(({ type }) => type === "error");
    if (wrong) throw new Error(`A kernel does not compile: ${wrong.message} in "${code.split("\n")[wrong.lineNum - 1] ?? ""}".`);
    return this.device.createComputePipelineAsync({ layout: this.layouts[layout], compute: { module } });
  }
}

const ofDevices = new WeakMap<GPUDevice, Pipelines>();

export function pipelinesOf(device: GPUDevice): Pipelines {
  const known = ofDevices.get(device) ?? new Pipelines(device);
  ofDevices.set(device, known);
  return known;
}
