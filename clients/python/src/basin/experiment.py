"""A function as an experiment: its descriptor from signature and annotations."""

from __future__ import annotations

import difflib
import inspect
import re
import types
import typing
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Union, get_args, get_origin

from .errors import DescriptorError

Direction = Literal["minimize", "maximize"]


@dataclass(frozen=True)
class Param:
    """What an annotation cannot say of a parameter: `x: Annotated[float, Param(minimum=0, maximum=5, unit="m")] = 1.0`."""

    minimum: float | None = None
    maximum: float | None = None
    exclusive_minimum: float | None = None
    exclusive_maximum: float | None = None
    unit: str | None = None
    title: str | None = None
    description: str | None = None

    def schema(self) -> dict[str, Any]:
        told = {
            "minimum": self.minimum,
            "maximum": self.maximum,
            "exclusiveMinimum": self.exclusive_minimum,
            "exclusiveMaximum": self.exclusive_maximum,
            "unit": self.unit,
            "title": self.title,
            "description": self.description,
        }
        return {name: value for name, value in told.items() if value is not None}


def camel(name: str) -> str:
    """`learning_rate` as Basin writes it: `learningRate`."""
    first, *rest = name.strip("_").split("_")
    return first + "".join(part[:1].upper() + part[1:] for part in rest)


def kebab(name: str) -> str:
    """`train_net` as an experiment's id: `train-net`."""
    return re.sub(r"[^a-z0-9]+", "-", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", name).lower()).strip("-")


def near(name: str, known: Sequence[str]) -> str:
    """`; did you mean "loss"?`, or the end of the sentence."""
    found = difflib.get_close_matches(name, known, 1)
    return f'; did you mean "{found[0]}"?' if found else "."


@dataclass
class Experiment:
    """A function with what Basin has to know of it. Called, it is the function."""

    id: str
    function: Callable[..., Any]
    descriptor: dict[str, Any]
    #: Names of the function's parameters by the names in the descriptor.
    arguments: dict[str, str]
    #: The function's parameter that gets the run; None: it has none.
    run_argument: str | None
    ref: str | None = field(default=None)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self.function(*args, **kwargs)

    @property
    def objective(self) -> str:
        return str(self.descriptor["objective"]["metric"])

    def metric_names(self, kind: Literal["series", "final"]) -> list[str]:
        return [one["name"] for one in self.descriptor["metrics"] if one.get(kind, True)]

    def named(self, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """The function's keyword arguments for a configuration. Raises DescriptorError for one that it lacks."""
        unknown = [name for name in parameters if name not in self.arguments]
        if unknown:
            known = list(self.arguments)
            raise DescriptorError(
                f'the function {self.function.__name__} has no parameter "{unknown[0]}"{near(unknown[0], known)} It has {", ".join(known) or "none"}'
            )
        return {self.arguments[name]: self._typed(name, value) for name, value in parameters.items()}

    def _typed(self, name: str, value: Any) -> Any:
        """JSON has one kind of number: what is declared as float comes as float."""
        schema = self.descriptor["parameters"]["properties"].get(name, {})
        if schema.get("type") == "number" and isinstance(value, int):
            return float(value)
        if schema.get("type") == "array" and schema.get("items", {}).get("type") == "number":
            return [float(one) for one in value]
        return value

    def space(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """A space whose names may be written as the function has them."""
        by_argument = {argument: name for name, argument in self.arguments.items()}
        return {by_argument.get(name, name): value for name, value in given.items()}


def _value_schema(where: str, annotation: Any, default: Any) -> dict[str, Any]:
    extra: dict[str, Any] = {}
    if get_origin(annotation) is typing.Annotated:
        annotation, *notes = get_args(annotation)
        for note in notes:
            if isinstance(note, Param):
                extra.update(note.schema())
    if get_origin(annotation) in (Union, types.UnionType):
        raise DescriptorError(f"{where} is annotated {annotation}: a parameter has one type, of float, int, bool, str, Literal or a list")
    if get_origin(annotation) is Literal:
        values = list(get_args(annotation))
        if not all(isinstance(one, str) for one in values):
            raise DescriptorError(f"{where} is a Literal of {values}: only texts can be listed so")
        return {"type": "string", "enum": values, **extra}
    if annotation in (inspect.Parameter.empty, Any):
        annotation = type(default) if not isinstance(default, (list, tuple)) else list[type(default[0]) if default else float]  # type: ignore[misc]
    simple = {bool: "boolean", int: "integer", float: "number", str: "string"}
    if annotation in simple:
        return {"type": simple[annotation], **extra}
    if get_origin(annotation) in (list, tuple, Sequence) or annotation in (list, tuple):
        inner = next(iter(get_args(annotation)), float)
        if inner not in (int, float, str):
            raise DescriptorError(f"{where} is a list of {inner}: lists hold float, int or str")
        return {"type": "array", "items": {"type": simple[inner]}, **extra}
    raise DescriptorError(f"{where} is annotated {annotation}, which no parameter can be; use float, int, bool, str, Literal or a list of these")


def _plain(value: Any) -> Any:
    """A default as JSON has it."""
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    item = getattr(value, "item", None)
    return item() if callable(item) and not isinstance(value, (bool, int, float, str)) else value


def _metrics(given: Sequence[str] | Mapping[str, Any] | None, objective: str) -> list[dict[str, Any]]:
    if given is None:
        return [{"name": objective}]
    if isinstance(given, Mapping):
        return [{"name": name, **(told if isinstance(told, Mapping) else {})} for name, told in given.items()]
    return [{"name": one} if isinstance(one, str) else dict(one) for one in given]


def _objective(given: str | tuple[str, Direction] | Mapping[str, str] | None, metrics: Any) -> dict[str, str]:
    if isinstance(given, Mapping):
        return dict(given)
    if isinstance(given, tuple):
        return {"metric": given[0], "direction": given[1]}
    if given is not None:
        return {"metric": given, "direction": "minimize"}
    if isinstance(metrics, Mapping):
        for name, told in metrics.items():
            if told in ("minimize", "maximize"):
                return {"metric": name, "direction": told}
    first = next(iter(metrics), "loss") if metrics else "loss"
    return {"metric": first if isinstance(first, str) else first["name"], "direction": "minimize"}


def describe(
    function: Callable[..., Any],
    *,
    id: str | None = None,
    metrics: Sequence[str] | Mapping[str, Any] | None = None,
    objective: str | tuple[str, Direction] | Mapping[str, str] | None = None,
    success: Mapping[str, Any] | None = None,
    parameters: Mapping[str, Param] | None = None,
    labels: Sequence[str] = (),
    plots: Sequence[Mapping[str, str]] = (),
    step_unit: str = "step",
    title: str | None = None,
    summary: str | None = None,
) -> Experiment:
    """The experiment that a function is; see `experiment`."""
    name = id or kebab(function.__name__)
    if not re.fullmatch(r"[a-z][a-z0-9-]{0,63}", name):
        raise DescriptorError(f"{name!r} cannot be an experiment's id: it is kebab-case and begins with a letter; give one with id=…")
    signature = inspect.signature(function)
    try:
        hints = typing.get_type_hints(function, include_extras=True)
    except Exception:
        hints = {}
    more = dict(parameters or {})
    properties: dict[str, Any] = {}
    arguments: dict[str, str] = {}
    run_argument: str | None = None
    for i, (argument, one) in enumerate(signature.parameters.items()):
        if one.kind in (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD, inspect.Parameter.POSITIONAL_ONLY):
            raise DescriptorError(f"{function.__name__} takes {one}: an experiment's parameters are named one by one")
        if one.default is inspect.Parameter.empty:
            if i == 0:
                run_argument = argument
                continue
            raise DescriptorError(f"the parameter {argument} of {function.__name__} needs a default (the first one without is the run)")
        where = f"the parameter {argument} of {function.__name__}"
        schema = _value_schema(where, hints.get(argument, one.annotation), one.default)
        note = more.pop(argument, None)
        if note is not None:
            schema.update(note.schema())
        told = camel(argument)
        if argument != told and "title" not in schema:
            schema["title"] = argument.replace("_", " ")
        properties[told] = {**schema, "default": _plain(one.default)}
        arguments[told] = argument
    if more:
        unknown = next(iter(more))
        known = list(arguments.values())
        raise DescriptorError(f'the function {function.__name__} has no parameter "{unknown}"{near(unknown, known)} It has {", ".join(known) or "none"}')
    goal = _objective(objective, metrics)
    listed = _metrics(metrics, goal["metric"])
    if all(one["name"] != goal["metric"] for one in listed):
        names = [one["name"] for one in listed]
        raise DescriptorError(f'the objective is "{goal["metric"]}", which is no metric{near(goal["metric"], names)} Those are {", ".join(names)}')
    text = inspect.getdoc(function) or ""
    descriptor: dict[str, Any] = {
        "title": title or function.__name__.replace("_", " "),
        "summary": summary if summary is not None else text.split("\n\n")[0].replace("\n", " ")[:300],
        "description": text[:20_000],
        "source": f"{function.__module__}.{function.__qualname__}"[:300],
        "parameters": {"type": "object", "properties": properties},
        "metrics": listed,
        "objective": goal,
        "success": dict(success) if success else None,
        "stepUnit": step_unit,
        "labels": list(labels),
        "plots": [dict(one) for one in plots],
    }
    return Experiment(name, function, descriptor, arguments, run_argument)


def experiment(function: Callable[..., Any] | None = None, /, **options: Any) -> Any:
    """Makes a function an experiment: `@basin.experiment` or `@basin.experiment(metrics={"loss": "minimize"})`.

    Parameters of the experiment are the function's, with their defaults; the first parameter without a default gets the run. What the function
    returns are the final metrics (a dict, or the objective alone).

    metrics     names, or a dict name → "minimize" | "maximize" | options (`unit`, `scale`, `series`, `final`, …)
    objective   a name, or (name, direction); left out: the first metric, minimized
    success     {"text": …, "all": [{"metric": …, "op": "<=", "value": …}]}
    parameters  dict argument → `Param(minimum=…, unit=…)`, for what the annotations do not say
    labels, plots, step_unit, title, summary, id
    """
    if function is not None:
        return describe(function)
    return lambda given: describe(given, **options)
