/** Bytes of a buffer that is kept at most, and how many are. */
const LARGE = 1 << 20;
const MOST = 8;

const [MAP_READ, COPY_DST] = [1, 8]; // GPUBufferUsage

/** Buffers by which numbers are read back: small ones are used again. */
export class Staging {
  private readonly device: GPUDevice;
  private readonly spare: GPUBuffer[] = [];

  constructor(device: GPUDevice) {
    this.device = device;
  }

  /** One of at least so many bytes. */
  take(bytes: number): GPUBuffer {
    const n = this.spare.findIndex(({ size }) => size >= bytes && size <= 4 * bytes + 4096);
    if (n >= 0) return this.spare.splice(n, 1)[0];
    const size = Math.ceil(bytes / 256) * 256;
    return this.device.createBuffer({ label: 'read back', size, usage: MAP_READ | COPY_DST });
  }

  /** Is unmapped. */
  giveBack(buffer: GPUBuffer): void {
    if (buffer.size > LARGE) buffer.destroy();
    else this.spare.push(buffer);
    if (this.spare.length > MOST) this.spare.shift()?.destroy();
  }
}
