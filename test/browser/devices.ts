// What a test does to WebGPU in a page or its worker: each function is sent there as text, and so uses nothing from outside of it.

/** Devices that are opened from now on are remembered. */
export function watch(): void {
  const host = globalThis as unknown as { devices?: GPUDevice[] };
  const { requestDevice } = GPUAdapter.prototype;
  const devices: GPUDevice[] = [];
  host.devices = devices;
  GPUAdapter.prototype.requestDevice = async function (this: GPUAdapter, ...given) {
    const device = await requestDevice.apply(this, given);
    devices.push(device);
    return device;
  };
}

/** Ends all of them, as a driver does that fails. */
export function destroy(): number {
  const { devices = [] } = globalThis as unknown as { devices?: GPUDevice[] };
  for (const device of devices) device.destroy();
  return devices.splice(0).length;
}

/** From now on there is no adapter. */
export function deny(): void {
  const host = globalThis as unknown as { requestAdapter?: GPU['requestAdapter'] };
  host.requestAdapter ??= GPU.prototype.requestAdapter;
  GPU.prototype.requestAdapter = async () => null;
}

/** Until now. */
export function allow(): void {
  const { requestAdapter } = globalThis as unknown as { requestAdapter?: GPU['requestAdapter'] };
  if (requestAdapter !== undefined) GPU.prototype.requestAdapter = requestAdapter;
}
