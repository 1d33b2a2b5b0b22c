import { measurements } from "./oscillation.js";

/**
 * A model family of two numbers per run: plain gradient descent on damping and frequency. It shows what a family owes: every run's
 * numbers depend on its own seed and parameters alone, and a checkpoint holds all that is needed to go on to the bit.
 */
export function fitFamily({ requireSameShape }, { numerics }) {
  return {
    id: "damped-oscillator/fit",
    async create(definition, runs, sink) {
      requireSameShape(definition, runs);
      const data = measurements(numerics, runs[0].parameters);
      const states = new Map(runs.map((run) => [run.index, { run, ...startOf(numerics, run) }]));
      const finish = (state) => {
        states.delete(state.run.index);
        const { loss } = gradientOf(state, data);
        const metrics = { loss, frequencyError: Math.abs(Math.abs(state.w) - state.run.parameters.frequency) };
        const outcome = Number.isFinite(loss) ? "succeeded" : "diverged";
        sink.finished(state.run.index, {
          outcome,
          metrics,
          reason: outcome === "diverged" ? "the loss is not finite" : null,
          artifacts: [],
        });
      };
      return {
        active: () => [...states.keys()],
        step: (index) => states.get(index)?.step ?? 0,
        async advance() {
          for (const state of states.values()) {
            const { loss, dg, dw } = gradientOf(state, data);
            state.g -= state.run.parameters.learningRate * dg;
            state.w -= state.run.parameters.learningRate * dw;
            state.step += 1;
            sink.metric(state.run.index, "loss", state.step, loss);
            if (state.step >= state.run.parameters.steps || !Number.isFinite(loss)) finish(state);
          }
          return states.size > 0;
        },
        checkpoint: async (index) => {
          const { step, g, w } = states.get(index);
          return new Uint8Array(Float64Array.of(step, g, w).buffer);
        },
        drop: (index) => void states.delete(index),
        dispose: () => states.clear(),
      };
    },
  };
}

function startOf(numerics, { seed, parameters, checkpoint }) {
  if (checkpoint) {
    const [step, g, w] = new Float64Array(Uint8Array.from(checkpoint).buffer);
    return { step, g, w };
  }
  const draws = numerics.randomStream(seed, "damped-oscillator/start");
  return { step: 0, g: 0.1, w: parameters.frequency + parameters.spread * draws.normal(0) };
}

/** Mean square error over the measurements and its derivatives by damping g and frequency w. */
function gradientOf({ g, w }, { times, values }) {
  let loss = 0;
  let dg = 0;
  let dw = 0;
  times.forEach((t, i) => {
    const decay = Math.exp(-g * t);
    const error = decay * Math.cos(w * t) - values[i];
    loss += error * error;
    dg += 2 * error * -t * decay * Math.cos(w * t);
    dw += 2 * error * -t * decay * Math.sin(w * t);
  });
  const n = times.length;
  return { loss: loss / n, dg: dg / n, dw: dw / n };
}
