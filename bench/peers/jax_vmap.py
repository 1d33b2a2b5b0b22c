"""One process: vmap over the initializations, jit, scan over the batches of an epoch.

Usage: jax_vmap.py JOB.json. Prints {"compileSeconds", "seconds", "losses"}: the compilation, and the training without it.
"""

import json
import sys
import time

import jax
import jax.numpy as jnp
import numpy as np


def load(job, name):
    return jnp.asarray(np.load(f"{job['folder']}/{name}.npy"))


def adam(gradients, moments, parameters, step, rate):
    first, second = moments
    first = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, first, gradients)
    second = jax.tree.map(lambda v, g: 0.999 * v + 0.001 * g * g, second, gradients)
    scale1, scale2 = 1 - 0.9**step, 1 - 0.999**step
    rates = rate if isinstance(rate, dict) else jax.tree.map(lambda _: rate, parameters)
    parameters = jax.tree.map(
        lambda p, m, v, r: p - r * (m / scale1) / (jnp.sqrt(v / scale2) + 1e-8), parameters, first, second, rates
    )
    return parameters, (first, second)


def zeros(parameters):
    return jax.tree.map(jnp.zeros_like, parameters), jax.tree.map(jnp.zeros_like, parameters)


def uniform_layers(key, sizes, bound):
    layers = []
    for fan_in, fan_out in zip(sizes, sizes[1:]):
        key, one, two = jax.random.split(key, 3)
        limit = bound(fan_in, fan_out)
        layers.append(
            {
                "w": jax.random.uniform(one, (fan_in, fan_out), minval=-limit, maxval=limit),
                "b": jax.random.uniform(two, (fan_out,), minval=-limit, maxval=limit),
            }
        )
    return layers


def mlp(job):
    x, y = load(job, "inputs"), load(job, "targets")
    samples, batch = len(x), job["batchSize"]
    whole = samples // batch * batch

    def init(key):
        return {"layers": uniform_layers(key, job["widths"], lambda fan_in, _: fan_in**-0.5)}

    def loss(parameters, inputs, targets):
        a = inputs
        for layer in parameters["layers"][:-1]:
            a = jnp.tanh(a @ layer["w"] + layer["b"])
        last = parameters["layers"][-1]
        return jnp.mean((a @ last["w"] + last["b"] - targets) ** 2)

    def one(carry, rows):
        parameters, moments, step = carry
        value, gradients = jax.value_and_grad(loss)(parameters, x[rows], y[rows])
        parameters, moments = adam(gradients, moments, parameters, step, job["learningRate"])
        return (parameters, moments, step + 1), value * len(rows)

    def epoch(carry, key):
        order = jax.random.permutation(key, samples)
        carry, totals = jax.lax.scan(one, carry, order[:whole].reshape(-1, batch))
        rest = 0.0
        if whole < samples:
            carry, rest = one(carry, order[whole:])
        return carry, (totals.sum() + rest) / samples

    return init, epoch, job["epochs"]


def sindy(job):
    x, dx, ddx = (load(job, name) for name in ("x", "dx", "ddx"))
    samples, batch = len(x), job["batchSize"]
    widths = job["widths"]
    depth = len(widths) - 1

    def init(key):
        sizes = [*widths, *widths[-2::-1]]
        layers = uniform_layers(key, sizes, lambda a, b: (6 / (a + b)) ** 0.5)
        layers = [{"w": l["w"] * (job["gain"] if i in (0, depth - 1, depth) else 1), "b": l["b"] * 0} for i, l in enumerate(layers)]
        return {"layers": layers, "xi": jnp.zeros((5, 1))}

    def propagate(layers, a, da, dda):
        for layer in layers[:-1]:
            h, u, v = a @ layer["w"] + layer["b"], da @ layer["w"], dda @ layer["w"]
            a = jnp.tanh(h)
            slope = 1 - a * a
            dda = -2 * a * slope * u * u + slope * v
            da = slope * u
        last = layers[-1]
        return a @ last["w"] + last["b"], da @ last["w"], dda @ last["w"]

    def loss(parameters, a, da, dda):
        z, dz, ddz = propagate(parameters["layers"][:depth], a, da, dda)
        law = jnp.concatenate([z, z**2, z**3, z**4, jnp.sin(z)], axis=1) @ parameters["xi"]
        a2, _, dda2 = propagate(parameters["layers"][depth:], z, dz, law)
        return (
            jnp.mean((a - a2) ** 2)
            + job["lambda1"] * jnp.mean((dda - dda2) ** 2)
            + job["lambda2"] * jnp.mean((ddz - law) ** 2)
            + job["lambda3"] * jnp.abs(parameters["xi"]).sum()
        )

    def one(carry, rows):
        parameters, moments, step = carry
        value, gradients = jax.value_and_grad(loss)(parameters, x[rows], dx[rows], ddx[rows])
        rates = {
            "layers": jax.tree.map(lambda _: job["learningRate"], parameters["layers"]),
            "xi": job["coefficientRate"],
        }
        parameters, moments = adam(gradients, moments, parameters, step, rates)
        return (parameters, moments, step + 1), value

    def hundred(carry, key):
        # A hundred batches are drawn at once: whole permutations, cut into batches.
        rounds = -(-100 * batch // (samples // batch * batch))
        orders = jax.vmap(lambda k: jax.random.permutation(k, samples)[: samples // batch * batch])(jax.random.split(key, rounds))
        carry, values = jax.lax.scan(one, carry, orders.reshape(-1, batch)[:100])
        return carry, values.mean()

    return init, hundred, job["steps"] // 100


def cnn(job):
    images = jnp.moveaxis(load(job, "images"), 1, -1)
    first, second = job["channels"]
    side, flat, dense, neck, padding = (job[k] for k in ("pooledSide", "flat", "dense", "neck", "poolPadding"))
    layout = ("NHWC", "HWIO", "NHWC")

    def init(key):
        keys = jax.random.split(key, 5)

        def filters(k, shape, fan_in):
            one, two = jax.random.split(k)
            limit = fan_in**-0.5
            return {
                "w": jax.random.uniform(one, shape, minval=-limit, maxval=limit),
                "b": jax.random.uniform(two, (shape[-1],), minval=-limit, maxval=limit),
            }

        return {
            "c1": filters(keys[0], (4, 4, 1, first), 16),
            "c2": filters(keys[1], (4, 4, first, second), 16 * first),
            "dense": uniform_layers(keys[2], [flat, dense, neck, dense, flat], lambda fan_in, _: fan_in**-0.5),
            "t1": filters(keys[3], (4, 4, second, first), 16 * first),
            "t2": filters(keys[4], (4, 4, first, 1), 16),
        }

    def conv(a, f):
        return jax.lax.conv_general_dilated(a, f["w"], (1, 1), ((1, 1), (1, 1)), dimension_numbers=layout) + f["b"]

    def pool(a):
        pads = ((0, 0), (padding, padding), (padding, padding), (0, 0))
        return jax.lax.reduce_window(a, -jnp.inf, jax.lax.max, (1, 2, 2, 1), (1, 2, 2, 1), pads)

    def spread(a, f):
        return jax.lax.conv_transpose(a, f["w"], (2, 2), ((2, 2), (2, 2)), dimension_numbers=layout) + f["b"]

    def forward(p):
        a = pool(jax.nn.relu(conv(images, p["c1"])))
        a = pool(jax.nn.relu(conv(a, p["c2"])))
        a = a.reshape(len(images), -1)
        for layer in p["dense"]:
            a = jnp.sin(a @ layer["w"] + layer["b"])
        a = a.reshape(-1, side, side, second)
        return spread(jax.nn.relu(spread(a, p["t1"])), p["t2"])

    def one(carry, _):
        parameters, moments, step = carry
        value, gradients = jax.value_and_grad(lambda p: jnp.mean((forward(p) - images) ** 2))(parameters)
        parameters, moments = adam(gradients, moments, parameters, step, job["learningRate"])
        return (parameters, moments, step + 1), value

    def ten(carry, _):
        carry, values = jax.lax.scan(one, carry, None, length=10)
        return carry, values[-1]

    return init, ten, job["steps"] // 10


def main(path):
    with open(path) as file:
        job = json.load(file)
    init, advance, rounds = {"mlp": mlp, "sindy": sindy, "cnn": cnn}[job["case"]](job)
    seeds = jnp.asarray(job["seeds"])

    def start(seed):
        parameters = init(jax.random.key(seed))
        return parameters, zeros(parameters), 1.0

    started = time.perf_counter()
    begin = jax.jit(jax.vmap(start))
    carry = jax.block_until_ready(begin(seeds))
    keys = jax.vmap(lambda seed: jax.random.split(jax.random.fold_in(jax.random.key(seed), 1), rounds))(seeds)
    train = jax.jit(jax.vmap(advance)).lower(carry, keys[:, 0]).compile()
    compiled = time.perf_counter()
    losses = None
    for i in range(rounds):
        carry, losses = train(carry, keys[:, i])
    losses = np.asarray(jax.block_until_ready(losses))
    ended = time.perf_counter()
    print(json.dumps({"compileSeconds": compiled - started, "seconds": ended - compiled, "losses": losses.tolist()}))


if __name__ == "__main__":
    main(sys.argv[1])
