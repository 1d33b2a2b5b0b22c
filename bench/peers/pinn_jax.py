"""The heat equation by one compiled program: vmap over the initializations, jit, fifty steps in a scan; derivatives by forward mode.

Usage: pinn_jax.py JOB.json. Prints {"compileSeconds", "seconds", "losses", "checked"}: the compilation, the training without it, the final loss of every
seed, and that of the networks in the job.
"""

import json
import sys
import time

import jax
import jax.numpy as jnp
import numpy as np

import heat_problem
from jax_vmap import adam, zeros


def main(path):
    with open(path) as file:
        job = json.load(file)
    interior, start, start_values, ends = (jnp.asarray(values) for values in heat_problem.points(job))
    along_x = jnp.zeros_like(interior).at[:, 0].set(1)
    along_t = jnp.zeros_like(interior).at[:, 1].set(1)

    def network(layers, at):
        for i in range(0, len(layers) - 2, 2):
            at = jnp.tanh(at @ layers[i] + layers[i + 1])
        return at @ layers[-2] + layers[-1]

    def loss(layers):
        def u(at):
            return network(layers, at)

        def u_x(at):
            return jax.jvp(u, (at,), (along_x,))[1]

        u_xx = jax.jvp(u_x, (interior,), (along_x,))[1]
        u_t = jax.jvp(u, (interior,), (along_t,))[1]
        return (
            jnp.mean((u_t - job["diffusivity"] * u_xx) ** 2)
            + job["initialWeight"] * jnp.mean((u(start) - start_values) ** 2)
            + job["boundaryWeight"] * jnp.mean(u(ends) ** 2)
        )

    def one(carry, rate):
        layers, moments, step = carry
        value, gradients = jax.value_and_grad(loss)(layers)
        layers, moments = adam(gradients, moments, layers, step, rate)
        return (layers, moments, step + 1), value

    block = 50
    rates = np.asarray([heat_problem.rate(job, epoch) for epoch in range(job["epochs"])], np.float32).reshape(-1, block)

    def stacked(networks):
        return [jnp.stack([net[i] for net in networks]) for i in range(len(networks[0]))]

    started = time.perf_counter()
    layers = stacked([heat_problem.glorot(job, seed) for seed in job["seeds"]])
    moments = zeros(layers)
    carry = (layers, moments, jnp.ones(len(job["seeds"])))
    advance = jax.vmap(lambda own, all_rates: jax.lax.scan(one, own, all_rates), in_axes=(0, None))
    train = jax.jit(advance).lower(carry, rates[0]).compile()
    compiled = time.perf_counter()
    losses = None
    for all_rates in rates:
        carry, losses = train(carry, all_rates)
    final = np.asarray(jax.block_until_ready(losses))[:, -1]
    ended = time.perf_counter()
    networks = heat_problem.given(job)
    checked = np.asarray(jax.jit(jax.vmap(loss))(stacked(networks))).tolist() if networks else []
    print(json.dumps({"compileSeconds": compiled - started, "seconds": ended - compiled, "losses": final.tolist(), "checked": checked}))


if __name__ == "__main__":
    main(sys.argv[1])
