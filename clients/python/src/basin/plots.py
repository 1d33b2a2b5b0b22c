"""Plot data of runs, drawn as the dashboard draws them where matplotlib is installed."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Plot:
    """One of a run's plots: its id, and `data` of its kind (see `PlotData` in the API's documentation)."""

    id: str
    data: dict[str, Any]

    @property
    def kind(self) -> str:
        return str(self.data.get("kind", ""))

    @property
    def title(self) -> str:
        return str(self.data.get("title", self.id))

    def figure(self) -> Any:
        """A matplotlib figure. Raises ValueError for a kind that has no drawing here: its data are in `data`."""
        from matplotlib.figure import Figure

        figure = Figure(figsize=(7, 4), layout="constrained")
        axes = figure.add_subplot()
        draw = {"curve": _curve, "heatmap": _heatmap, "scatter": _scatter, "histogram": _histogram, "bars": _bars}.get(self.kind)
        if draw is None:
            raise ValueError(f"plots of the kind {self.kind} are not drawn here; see the run in the dashboard, or draw .data")
        draw(axes, self.data)
        axes.set_title(self.title)
        _axis(axes, "x", self.data.get("x"))
        _axis(axes, "y", self.data.get("y"))
        return figure

    def _repr_svg_(self) -> str | None:
        try:
            figure = self.figure()
        except (ImportError, ValueError):
            return None
        out = io.StringIO()
        figure.savefig(out, format="svg")
        return out.getvalue()


def _axis(axes: Any, which: str, told: Any) -> None:
    if not isinstance(told, dict):
        return
    unit = f" ({told['unit']})" if told.get("unit") else ""
    getattr(axes, f"set_{which}label")(f"{told.get('label', '')}{unit}")
    if told.get("scale") == "log":
        getattr(axes, f"set_{which}scale")("log")


def _gaps(values: Any) -> list[float]:
    return [float("nan") if one is None else one for one in values]


_STYLES: dict[str, dict[str, Any]] = {
    "line": {},
    "dashed": {"linestyle": "--"},
    "points": {"linestyle": "", "marker": "."},
    "steps": {"drawstyle": "steps-post"},
}


def _curve(axes: Any, data: dict[str, Any]) -> None:
    for one in data["series"]:
        x, y = _gaps(one["x"]), _gaps(one["y"])
        (line,) = axes.plot(x, y, label=one["name"], **_STYLES.get(one.get("style", "line"), {}))
        if one.get("low") and one.get("high"):
            axes.fill_between(x, _gaps(one["low"]), _gaps(one["high"]), color=line.get_color(), alpha=0.2, linewidth=0)
    for mark in data.get("marks", []):
        axes.axvline(mark["x"], color="gray", linewidth=0.8)
        axes.annotate(mark["label"], (mark["x"], 1), xycoords=("data", "axes fraction"), fontsize=8, va="top")
    if len(data["series"]) > 1:
        axes.legend()


def _heatmap(axes: Any, data: dict[str, Any]) -> None:
    x, y = data.get("xs", data.get("x")), data.get("ys", data.get("y"))
    z = [_gaps(row) for row in data["z"]]
    mesh = axes.pcolormesh(x, y, z, shading="nearest") if isinstance(x, list) and isinstance(y, list) else axes.pcolormesh(z)
    axes.figure.colorbar(mesh, ax=axes)


def _scatter(axes: Any, data: dict[str, Any]) -> None:
    for one in data.get("series", data.get("groups", [])):
        axes.scatter(_gaps(one["x"]), _gaps(one["y"]), s=8, label=one.get("name", ""))


def _histogram(axes: Any, data: dict[str, Any]) -> None:
    for one in data.get("series", []):
        edges = one.get("edges", data.get("edges", []))
        axes.stairs(one["counts"], edges, label=one.get("name", ""), fill=True, alpha=0.5)


def _bars(axes: Any, data: dict[str, Any]) -> None:
    names = data.get("categories", data.get("names", []))
    for one in data.get("series", []):
        axes.bar(names, _gaps(one.get("values", one.get("y", []))), label=one.get("name", ""), alpha=0.7)
