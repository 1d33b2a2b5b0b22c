import type { RunId } from "@basin/contracts";

const pythonOpening = (run: RunId, url: string): string => `# needs numpy and safetensors
import urllib.request
import numpy as np
from safetensors import safe_open

urllib.request.urlretrieve("${url}", "run-${run}.safetensors")
with safe_open("run-${run}.safetensors", framework="numpy") as file:
    about = file.metadata()
    weights = {name: file.get_tensor(name) for name in file.keys()}

for name in sorted(weights):
    print(name, weights[name].dtype, weights[name].shape)
`;

const pythonActivations = `
import math

ACTIVATIONS = {
    "linear": lambda z: z,
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
    "tanh": np.tanh,
    "relu": lambda z: np.maximum(z, 0),
    "leaky-relu": lambda z: np.where(z > 0, z, float(about.get("leakySlope", 0.01)) * z),
    "elu": lambda z: np.where(z > 0, z, float(about.get("eluAlpha", 1)) * np.expm1(np.minimum(z, 0))),
    "gelu": lambda z: 0.5 * z * (1 + np.vectorize(math.erf)(z / math.sqrt(2))),
    "gelu-tanh": lambda z: 0.5 * z * (1 + np.tanh(np.sqrt(2 / np.pi) * (z + 0.044715 * z**3))),
    "swish": lambda z: z / (1 + np.exp(-z)),
    "softplus": lambda z: np.logaddexp(0, z),
    "sine": np.sin,
    "cosine": np.cos,
    "softmax": lambda z: np.exp(z - z.max(-1, keepdims=True)) / np.exp(z - z.max(-1, keepdims=True)).sum(-1, keepdims=True),
}
`;

const pythonNetwork = `
if "familyVersion" not in about:  # trained before gelu was exact
    ACTIVATIONS["gelu"] = ACTIVATIONS["gelu-tanh"]


def predict(x):
    """x: [samples, inputs] as the network saw them -> [samples, outputs]"""
    names = about["activations"].split(",")[:-1] + [about["outputActivation"]]
    for k, name in enumerate(names):
        x = x @ weights[f"layers.{k}.weight"] + weights[f"layers.{k}.bias"]
        if f"layers.{k}.runningMean" in weights:  # batch normalization
            mean, variance, scale, shift = (weights[f"layers.{k}.{part}"] for part in ("runningMean", "runningVariance", "scale", "shift"))
            x = (x - mean) / np.sqrt(variance + 1e-5) * scale + shift
        x = ACTIVATIONS[name](x)
    return x


inputs = weights["layers.0.weight"].shape[0]
print(predict(np.zeros((1, inputs), np.float32)))
`;

const pythonAutoencoder = `
import re


def windows(x, k, s, p, empty):
    """the values under each place (i, j) of a window that slides over x [samples, rows, columns, channels]"""
    x = np.pad(x, ((0, 0), (p, p), (p, p), (0, 0)), constant_values=empty)
    rows, columns = ((n - k) // s + 1 for n in x.shape[1:3])
    return {(i, j): x[:, i : i + s * rows : s, j : j + s * columns : s][:, :rows, :columns] for i in range(k) for j in range(k)}


def transposed(x, filter, k, s, p):
    samples, rows, columns, _ = x.shape
    y = np.zeros((samples, (rows - 1) * s + k, (columns - 1) * s + k, filter.shape[2]))
    for i in range(k):
        for j in range(k):
            y[:, i : i + s * rows : s, j : j + s * columns : s] += x @ filter[i, j].T
    return y[:, p : y.shape[1] - p, p : y.shape[2] - p]


def through(part, text, x):
    words = text.split()
    for n in range(len(words) // 2):
        shape, (what, _, activation) = words[2 * n], words[2 * n + 1].partition(":")
        bias = weights.get(f"{part}.{n}.bias")
        if what == "dense":
            x = x.reshape(len(x), -1) @ weights[f"{part}.{n}.weight"] + bias
        else:
            kind, *numbers = re.fullmatch(r"(.*)k(\\d+)s(\\d+)p(\\d+)", what).groups()
            k, s, p = map(int, numbers)
            x = x.reshape(len(x), *map(int, shape.split("x")))
            filter = weights.get(f"{part}.{n}.filter")
            if kind == "conv":
                x = sum(seen @ filter[place] for place, seen in windows(x, k, s, p, 0).items()) + bias
            elif kind == "transposed":
                x = transposed(x, filter, k, s, p) + bias
            elif kind == "max-pool":
                x = np.max(list(windows(x, k, s, p, -np.inf).values()), axis=0)
            else:
                x = sum(windows(x, k, s, p, 0).values()) / k**2
        x = ACTIVATIONS[activation or "linear"](x)
    return x.reshape(len(x), -1)


encoder, decoder, _ = about["network"].split(" | ")


def encode(x):
    """x: [samples, values of an image, row by row, channels last] -> [samples, latent values]"""
    return through("encoder", encoder, x) if encoder else np.ones((len(x), 1))


def decode(z):
    """z: [samples, latent values] -> [samples, values of an image]"""
    return through("decoder", decoder, z)


latent = decoder.split()[0].split("x")[-1]
print(decode(np.zeros((1, int(latent)))))
`;

/** What of a family can be computed from its weights alone. */
const pythonOf: Readonly<Record<string, string>> = {
  mlp: pythonActivations + pythonNetwork,
  autoencoder: pythonActivations + pythonAutoencoder,
};

/**
 * Python that reads a run's weights: names and arrays for every family; for an `mlp` the whole
 * forward pass (layer k: x·W + b with W [inputs, outputs], then its activation, which the file's metadata names), for an autoencoder the way to
 * the latent values and the way back.
 */
export const pythonCode = (run: RunId, family: string, url: string): string => pythonOpening(run, url) + (pythonOf[family] ?? "");

/** TypeScript that reads the same file without a library; see the safetensors format's description for the layout. */
export const typeScriptCode = (
  url: string,
): string => `interface Tensor { shape: number[]; values: Float32Array | Float64Array | Int32Array }

// 8 bytes: length of the header; the header as JSON; then the numbers, row by row, little-endian.
const bytes = await (await fetch("${url}")).arrayBuffer();
const length = Number(new DataView(bytes).getBigUint64(0, true));
const header = JSON.parse(new TextDecoder().decode(new Uint8Array(bytes, 8, length)));
const { __metadata__: about = {}, ...entries } = header as Record<string, never>;
const arrays = { F32: Float32Array, F64: Float64Array, I32: Int32Array };
const weights: Record<string, Tensor> = {};
for (const [name, entry] of Object.entries(entries)) {
  const { dtype, shape, data_offsets: [from, to] } = entry as { dtype: keyof typeof arrays; shape: number[]; data_offsets: [number, number] };
  weights[name] = { shape, values: new arrays[dtype](bytes.slice(8 + length + from, 8 + length + to)) };
}
console.log(about, Object.fromEntries(Object.entries(weights).map(([name, { shape }]) => [name, shape])));
`;
