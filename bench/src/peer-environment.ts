import { messageOf } from "@basin/contracts";
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL("../peers", import.meta.url));

/** Python packages that something of ours is measured against, in a virtual environment of their own. */
export class PeerEnvironment {
  readonly environment: string;
  readonly folder: string;

  constructor(
    /** What is installed, in words. */
    readonly title: string,
    /** The command that installs it. */
    readonly command: string,
    parts: { environment: string; folder: string },
  ) {
    this.environment = fileURLToPath(new URL(`../../.peers${parts.environment}`, import.meta.url));
    this.folder = join(folder, parts.folder);
  }

  script(name: string): string {
    return join(this.folder, name);
  }
}

export const trainingPeers = new PeerEnvironment("Optuna, PyTorch, JAX and DeepXDE", "peers", { environment: "", folder: "" });
/** Inside the other's folder: where that one is made anew, so is this. */
export const searchPeers = new PeerEnvironment("Optuna and its objectives", "search", {
  environment: "/search",
  folder: "search",
});

/** Inside the other's folder, too. */
export const clientPeers = new PeerEnvironment("pandas, Optuna and MLflow", "client", {
  environment: "/client",
  folder: "client",
});

/** The interpreter of an environment. */
export function peerPython({ environment }: PeerEnvironment): string {
  return join(environment, "bin", "python");
}

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
 * Makes a virtual environment of peers when it is missing or its requirements changed. Takes minutes and up to 5 GB once, so only where
 * `install` says so. Resolves to why they cannot be run; null: they can.
 */
export async function preparePeers(peers: PeerEnvironment, { install }: { install: boolean }): Promise<string | null> {
  const { title, command, environment } = peers;
  const requirements = peers.script("requirements.txt");
  const stamp = join(environment, "basin-requirements.sha256");
  const wanted = createHash("sha256").update(readFileSync(requirements)).digest("hex");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return null;
  if (!install) return `${title} are not installed; \`npm run bench -- ${command}\` without --quick does that`;
  console.log(`Installing the peers (${title}) into ${environment}; this takes some minutes the first time …`);
  try {
    await output("python3", ["-m", "venv", "--clear", environment]);
    await output(peerPython(peers), ["-m", "pip", "install", "--quiet", "-r", requirements]);
  } catch (error) {
    return `${title} could not be installed: ${messageOf(error)}`;
  }
  writeFileSync(stamp, wanted);
  return null;
}

type PeerScript = "optuna_torch.py" | "jax_vmap.py" | "pinn_torch.py" | "pinn_jax.py" | "pinn_deepxde.py";

/** Runs one of the scripts in bench/peers on a job; the JSON it printed last. */
export async function runPeer(script: PeerScript, jobFile: string): Promise<unknown> {
  const lines = (await output(peerPython(trainingPeers), [trainingPeers.script(script), jobFile])).trim().split("\n");
  return JSON.parse(lines.at(-1) ?? "null");
}

/** The versions that are compared with, for the report. */
export async function peerVersions(): Promise<string> {
  const code =
    "import jax, optuna, sys, torch; from importlib.metadata import version; print(f'Python {sys.version.split()[0]}, JAX {jax.__version__}, Optuna {optuna.__version__}, PyTorch {torch.__version__}, DeepXDE {version(\"deepxde\")}')";
  return (await output(peerPython(trainingPeers), ["-c", code])).trim();
}
