/** What a device does with numbers, found by trial. */
export interface DeviceArithmetic {
  /** `fma` has one rounding. */
  fuses: boolean;
  /** The compiler fuses products and sums by itself. */
  contracts: boolean;
}

const code = `
@group(0) @binding(0) var<storage, read> given: array<f32>;
@group(0) @binding(1) var<storage, read_write> found: array<f32>;
@compute @workgroup_size(1) fn main() {
  found[0] = fma(given[0], given[0], given[1]);
  found[1] = given[0] * given[0] + given[1];
}`;

/** (1 + 2⁻¹²)² − (1 + 2⁻¹¹) is 2⁻²⁴ with one rounding, and 0 with two. */
export async function probeArithmetic(device: GPUDevice): Promise<DeviceArithmetic> {
  const make = (usage: number): GPUBuffer => device.createBuffer({ size: 16, usage });
  const [given, found, read] = [
    make(GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST),
    make(GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC),
    make(GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ),
  ];
  try {
    device.queue.writeBuffer(given, 0, Float32Array.of(1 + 2 ** -12, -(1 + 2 ** -11)));
    const pipeline = await device.createComputePipelineAsync({
      layout: "auto",
      compute: { module: device.createShaderModule({ code }) },
    });
    const entries = [given, found].map((buffer, binding) => ({ binding, resource: { buffer } }));
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries }));
    pass.dispatchWorkgroups(1);
    pass.end();
    encoder.copyBufferToBuffer(found, 0, read, 0, 16);
    device.queue.submit([encoder.finish()]);
    await read.mapAsync(GPUMapMode.READ);
    const [byFma, byItself] = new Float32Array(read.getMappedRange());
    return { fuses: byFma !== 0, contracts: byItself !== 0 };
  } finally {
    for (const buffer of [given, found, read]) buffer.destroy();
  }
}
