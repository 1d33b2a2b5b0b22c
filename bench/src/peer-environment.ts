import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL("../peers", import.meta.url));
const environment = fileURLToPath(new URL("../../.peers", import.meta.url));
const python = join(environment, "bin", "python");

/** Runs a command to its end; its standard output. Throws with what it printed when it fails. */
function output(command: string, parameters: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, parameters, { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
    let out = "";
    let err = "";
    child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (err += chunk.toString()));
    child.once("error", reject);
    child.once("exit", (code) => {
      if (code === 0) resolve(out);
      else reject(new Error(`${command} ${parameters.join(" ")} ended with ${code ?? "a signal"}:\n${err.slice(-2000)}`));
    });
  });
}

/**
 * Makes the virtual environment of the peers when it is missing or its requirements changed. Takes minutes and about 5 GB once, so only where
 * `install` says so. Resolves to why they cannot be run; null: they can.
 */
export async function preparePeers({ install }: { install: boolean }): Promise<string | null> {
  const requirements = join(folder, "requirements.txt");
  const stamp = join(environment, "basin-requirements.sha256");
  const wanted = createHash("sha256").update(readFileSync(requirements)).digest("hex");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return null;
  if (!install) return "Optuna, PyTorch, JAX and DeepXDE are not installed; `npm run bench -- peers` without --quick does that";
  console.log("Installing the peers (Optuna, PyTorch, JAX, DeepXDE) into .peers; this takes some minutes the first time …");
  try {
    await output("python3", ["-m", "venv", "--clear", environment]);
    await output(python, ["-m", "pip", "install", "--quiet", "-r", requirements]);
  } catch (error) {
    return `Optuna, PyTorch, JAX and DeepXDE could not be installed: ${error instanceof Error ? error.message : String(error)}`;
  }
  writeFileSync(stamp, wanted);
  return null;
}

type PeerScript = "optuna_torch.py" | "jax_vmap.py" | "pinn_torch.py" | "pinn_jax.py" | "pinn_deepxde.py";

/** Runs one of the scripts in bench/peers on a job; the JSON it printed last. */
export async function runPeer(script: PeerScript, jobFile: string): Promise<unknown> {
  const lines = (await output(python, [join(folder, script), jobFile])).trim().split("\n");
  return JSON.parse(lines.at(-1) ?? "null");
}

/** The versions that are compared with, for the report. */
export async function peerVersions(): Promise<string> {
  const code =
    "import jax, optuna, sys, torch; from importlib.metadata import version; print(f'Python {sys.version.split()[0]}, JAX {jax.__version__}, Optuna {optuna.__version__}, PyTorch {torch.__version__}, DeepXDE {version(\"deepxde\")}')";
  return (await output(python, ["-c", code])).trim();
}
