/**
 * Reads that nobody waits for: a read is a copy in the stream of commands, so that it sees what was there between two dispatches, whatever has been queued
 * behind it. At most `depth` are under way; the next one waits for the first of them.
 */
export class ReadRing {
  private readonly free: GPUBuffer[] = [];
  private readonly under: Promise<void>[] = [];

  constructor(
    private readonly device: GPUDevice,
    private readonly depth = 4,
  ) {}

  /** The floats at some places of a buffer, one piece behind the other. Resolves to a read that is queued; await that for its values. */
  async read(from: GPUBuffer, pieces: readonly { at: number; floats: number }[]): Promise<{ values: Promise<Float32Array> }> {
    while (this.under.length >= this.depth) await this.under[0];
    const floats = pieces.reduce((sum, piece) => sum + piece.floats, 0);
    const buffer = this.take(4 * Math.max(1, floats));
    const encoder = this.device.createCommandEncoder();
    let to = 0;
    for (const piece of pieces) {
      if (piece.floats > 0) encoder.copyBufferToBuffer(from, 4 * piece.at, buffer, 4 * to, 4 * piece.floats);
      to += piece.floats;
    }
    this.device.queue.submit([encoder.finish()]);
    const values = this.mapped(buffer, floats);
    // Who waits for the values hears of a lost device.
    const ended: Promise<void> = values
      .catch(() => undefined)
      .then(() => {
        void this.under.splice(this.under.indexOf(ended), 1);
      });
    this.under.push(ended);
    return { values };
  }

  destroy(): void {
    for (const buffer of this.free.splice(0)) buffer.destroy();
  }

  private async mapped(buffer: GPUBuffer, floats: number): Promise<Float32Array> {
    await buffer.mapAsync(GPUMapMode.READ, 0, 4 * Math.max(1, floats));
    const values = new Float32Array(buffer.getMappedRange(0, 4 * Math.max(1, floats)).slice(0)).subarray(0, floats);
    buffer.unmap();
    if (this.free.length < this.depth) this.free.push(buffer);
    else buffer.destroy();
    return values;
  }

  private take(bytes: number): GPUBuffer {
    const found = this.free.findIndex(({ size }) => size >= bytes);
    const [kept] = found < 0 ? [] : this.free.splice(found, 1);
    return kept ?? this.device.createBuffer({ size: bytes, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
  }
}
