/** The most that a pack on the wasm backend may take: three quarters of what a WebAssembly memory can address. */
export const wasmSlotBytes = 3 * 1024 ** 3;
