import { limitWasmHeap, openBackend, tensorCount, tensorFault, wasmMemoryBytes } from "@basin/engine";
import { addExtensionFamilies, createPackProgram } from "@basin/models";
import { extensionNames, loadExtensions } from "@basin/problems";
import { parentPort, workerData } from "node:worker_threads";
import { importExtension } from "../platform/import-extension";
import { ownBuild } from "../platform/own-build";
import { otherBuildExitCode, type FromWorker, type WorkerData } from "./protocol";
import { servePacks } from "./serve-packs";

if (!parentPort) throw new Error("pack-worker runs in a worker thread of the trainer");
const data = workerData as WorkerData;
const extensions = extensionNames(process.env.BASIN_EXTENSIONS);
if (ownBuild(extensions) !== data.build) process.exit(otherBuildExitCode);

servePacks(parentPort, data, {
  async open() {
    limitWasmHeap(data.slotBytes);
    await openBackend(data.backend, (reason) => {
      const message = `these steps are taken on wasm: the GPU has no kernel for ${reason}`;
      parentPort?.postMessage({ type: "warning", message, runs: [] } satisfies FromWorker);
    });
    await addExtensionFamilies(await loadExtensions(extensions, importExtension));
    return createPackProgram;
  },
  heap: {
    bytes: wasmMemoryBytes,
    tensors: tensorCount,
    faultOf: (error) => tensorFault(error, wasmMemoryBytes()),
    slotBytes: data.slotBytes,
  },
});
