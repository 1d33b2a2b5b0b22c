"""A study of Optuna's as a sweep: its parameters become an experiment's, its finished trials runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .errors import BasinError, DescriptorError
from .experiment import camel, kebab

if TYPE_CHECKING:
    from .client import Client, Sweep


def _parameter(name: str, distribution: Any, default: Any) -> dict[str, Any]:
    kind = type(distribution).__name__
    if kind == "FloatDistribution":
        return {"type": "number", "minimum": distribution.low, "maximum": distribution.high, "default": default}
    if kind == "IntDistribution":
        return {"type": "integer", "minimum": distribution.low, "maximum": distribution.high, "default": default}
    if kind == "CategoricalDistribution":
        choices = list(distribution.choices)
        if all(isinstance(one, bool) for one in choices):
            return {"type": "boolean", "default": default}
        if all(isinstance(one, str) for one in choices):
            return {"type": "string", "enum": choices, "default": default}
        if all(isinstance(one, (int, float)) and not isinstance(one, bool) for one in choices):
            return {"type": "number", "default": default}
        return {"type": "string", "enum": [str(one) for one in choices], "default": str(default)}
    raise DescriptorError(f"the parameter {name} has the distribution {kind}, which is not known here")


def _dimension(values: list[Any]) -> dict[str, Any]:
    return {"type": "choice", "values": list(dict.fromkeys(values))}


def from_optuna(study: Any, client: Client | None = None, *, metric: str = "value", name: str | None = None) -> Sweep:
    """Imports a study: an experiment with its parameters, and a sweep with each complete trial as a run with its value and its reports.

    Trials that failed or were pruned are runs that failed, with that as the reason; parameters that a trial does not have take the default, the
    best trial's. Raises BasinError for a study without complete trials or with several objectives.
    """
    from .client import connect

    used = client or connect()
    if len(study.directions) > 1:
        raise BasinError(f"the study {study.study_name} has {len(study.directions)} objectives; a sweep has one")
    trials = [one for one in study.get_trials(deepcopy=False) if one.state.is_finished()]
    complete = [one for one in trials if one.state.name == "COMPLETE"]
    if not complete:
        raise BasinError(f"the study {study.study_name} has no complete trial, so there is nothing to import")
    best = study.best_trial.params
    distributions = {key: value for one in trials for key, value in one.distributions.items()}
    defaults = {key: best.get(key, next(one.params[key] for one in trials if key in one.params)) for key in distributions}
    properties = {camel(key): {"title": key, **_parameter(key, told, defaults[key])} for key, told in distributions.items()}
    identity = f"optuna-{kebab(study.study_name)}"[:64].rstrip("-")
    direction = "minimize" if study.direction.name == "MINIMIZE" else "maximize"
    descriptor = {
        "title": study.study_name[:120],
        "summary": "Imported from a study of Optuna's.",
        "source": "Optuna",
        "parameters": {"type": "object", "properties": properties},
        "metrics": [{"name": metric, "series": True, "final": True}],
        "objective": {"metric": metric, "direction": direction},
    }
    ref = used.transport.json("PUT", f"/experiments/{identity}", descriptor)["ref"]

    def configuration(trial: Any) -> dict[str, Any]:
        values = {**defaults, **trial.params}
        texts = {key for key in values if properties[camel(key)]["type"] == "string"}
        return {camel(key): str(value) if key in texts else value for key, value in values.items()}

    listed = [configuration(one) for one in trials]
    space = {key: _dimension([one[key] for one in listed]) for key in properties}
    sweep = used.submit(
        {
            "experiment": ref,
            "space": space,
            "seeds": {"count": 1},
            "retryLimit": 0,
            "name": name or f"{study.study_name} (Optuna)"[:120],
        },
        search={"algorithm": "listed", "config": {"configurations": listed}},
    )
    while True:
        asked = sweep.ask(64)
        if not asked:
            if sweep.refresh().ended:
                return sweep
            continue
        for run in asked:
            trial = trials[int(run.id.split("-")[1])]
            for step, value in sorted(trial.intermediate_values.items()):
                run.report(step, {metric: value})
            if trial.state.name == "COMPLETE":
                sweep.tell(run, {metric: trial.value})
            else:
                sweep.tell(run, failed=f"trial {trial.number} of the study was {trial.state.name.lower()}")
