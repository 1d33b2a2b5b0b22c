/** Something that had to do with the machine or the moment, not with what was computed: another attempt may go well. */
export class MachineFault extends Error {
  override readonly name = "MachineFault";
}

/** Codes of Node's errors about what a function was given. All others, and those of the operating system, are about the machine. */
const aboutArguments = /^ERR_(INVALID_|OUT_OF_RANGE|MISSING_ARGS)/;
/** What backends say of devices and native memory, in errors of no class of their own. */
const aboutDevices =
  /\bgpu|webgpu|device (is |was )?lost|\b(cuda|cudnn|oom)\b|resource exhausted|failed to allocate|cannot allocate/i;
/** What `fetch`, aborted waits and lost connections end with. */
const names = new Set(["AbortError", "TimeoutError", "NetworkError"]);

/** Whether an error, or what caused it, depends on the machine. Of everything else the same inputs give the same error again. */
export function isMachineFault(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof MachineFault || names.has(error.name) || aboutDevices.test(error.message)) return true;
  if ("code" in error && typeof error.code === "string" && !aboutArguments.test(error.code)) return true;
  if (error instanceof AggregateError && error.errors.some(isMachineFault)) return true;
  return isMachineFault(error.cause);
}
