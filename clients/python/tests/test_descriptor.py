"""Functions as experiments, and what is said of those that cannot be."""

from __future__ import annotations

import math
import time
import unittest
from collections.abc import Callable
from typing import Annotated, Any, Literal

import basin
from basin.safetensors import read_tensors
from basin.training import TrainingRun, finals_of


class Outlet:
    def __init__(self) -> None:
        self.sent: list[dict[str, tuple[list[int], list[float]]]] = []
        self.files: dict[str, bytes] = {}

    def points(self, points: dict[str, tuple[list[int], list[float]]]) -> None:
        self.sent.append(points)

    def artifact(self, name: str, content: bytes, kind: str, media_type: str, step: int | None) -> None:
        self.files[name] = content

    def stop_reason(self) -> str | None:
        return None


GRANT = {"run": "aaaaaaaa-0-0", "attempt": 1, "sweep": "aaaaaaaa", "seed": 3, "parameters": {"learningRate": 0.1}}


@basin.experiment(metrics={"loss": "minimize", "accuracy": {"unit": "%"}})
def train_net(
    run: Any,
    learning_rate: Annotated[float, basin.Param(minimum=1e-6, maximum=1, unit="1/s")] = 0.1,
    layers: list[int] = (8, 8),  # type: ignore[assignment]
    activation: Literal["tanh", "relu"] = "tanh",
    epochs: int = 10,
    shuffle: bool = True,
) -> dict[str, float]:
    """Trains a net."""
    return {"loss": 1.0, "accuracy": 99.0}


class Descriptors(unittest.TestCase):
    def test_signature_and_annotations(self) -> None:
        self.assertEqual(train_net.id, "train-net")
        properties = train_net.descriptor["parameters"]["properties"]
        self.assertEqual(
            properties["learningRate"],
            {"type": "number", "minimum": 1e-6, "maximum": 1, "unit": "1/s", "title": "learning rate", "default": 0.1},
        )
        self.assertEqual(properties["layers"], {"type": "array", "items": {"type": "integer"}, "default": [8, 8]})
        self.assertEqual(properties["activation"], {"type": "string", "enum": ["tanh", "relu"], "default": "tanh"})
        self.assertEqual(properties["shuffle"]["type"], "boolean")
        self.assertEqual(train_net.descriptor["objective"], {"metric": "loss", "direction": "minimize"})
        self.assertEqual(train_net.named({"learningRate": 0.5}), {"learning_rate": 0.5})

    def test_what_is_wrong_is_named(self) -> None:
        with self.assertRaisesRegex(basin.DescriptorError, 'no parameter "momentun"; did you mean "momentum"'):
            basin.describe(lambda run, momentum=0.1: 0, id="a", parameters={"momentun": basin.Param(minimum=0)})
        with self.assertRaisesRegex(basin.DescriptorError, "y of .* needs a default"):
            basin.describe(lambda run, x=1.0, *, y: 0, id="a")
        with self.assertRaisesRegex(basin.DescriptorError, 'objective is "los".*did you mean "loss"'):
            basin.describe(lambda run, x=1.0: 0, id="a", metrics=["loss"], objective="los")
        with self.assertRaisesRegex(basin.DescriptorError, 'no parameter "rate"'):
            train_net.named({"rate": 1})
        with self.assertRaisesRegex(basin.DescriptorError, "kebab-case"):
            basin.describe(lambda run: 0, id="Bad Id")


class Logging(unittest.TestCase):
    def run_of(self, checkpoint: bytes | None = None) -> tuple[TrainingRun, Outlet]:
        outlet = Outlet()
        return TrainingRun(GRANT, ["loss", "accuracy"], outlet, checkpoint), outlet

    def test_refuses_what_is_no_measurement(self) -> None:
        run, _ = self.run_of()
        with self.assertRaisesRegex(basin.DescriptorError, 'metric "los" was not declared; did you mean "loss"'):
            run.log(0, los=1.0)
        with self.assertRaisesRegex(TypeError, "loss must be a number, not str 'much'"):
            run.log(0, loss="much")
        run.log(3, loss=1)
        with self.assertRaisesRegex(ValueError, "steps go forward"):
            run.log(3, loss=2.0)

    def test_a_checkpoint_brings_back_state_and_what_was_logged(self) -> None:
        run, outlet = self.run_of()
        for step in range(5):
            run.log(step, loss=math.inf if step == 1 else 1.0 / (step + 1))
        run.checkpoint(b"state")
        again, second = self.run_of(outlet.files["checkpoint.bin"])
        self.assertEqual((again.resume, again.resumed_from_step, again.steps), (b"state", 4, 5))
        self.assertEqual(second.sent, [{"loss": ([0, 1, 2, 3, 4], [1.0, math.inf, 1 / 3, 0.25, 0.2])}])
        with self.assertRaises(ValueError):
            again.log(4, loss=0.1)

    def test_final_figures(self) -> None:
        run, _ = self.run_of()
        self.assertEqual(finals_of(train_net, {"loss": 1, "accuracy": 2}, run)[:2], ("succeeded", {"loss": 1.0, "accuracy": 2.0}))
        run.log(7, loss=float("nan"))
        outcome, _, reason = finals_of(train_net, {"loss": float("nan")}, run)
        self.assertEqual((outcome, reason), ("diverged", "loss is nan at the end; loss was nan at step 7"))
        with self.assertRaisesRegex(basin.DescriptorError, 'final metric "acc" was not declared'):
            finals_of(train_net, {"loss": 1, "acc": 2}, run)
        with self.assertRaisesRegex(basin.DescriptorError, "returned no loss"):
            finals_of(train_net, None, self.run_of()[0])

    def test_overhead(self) -> None:
        """No assertion on time: `npm run bench -- client` has the figure. Points must all arrive, in order."""
        run, outlet = self.run_of()
        begun = time.perf_counter()
        for step in range(20_000):
            run.log(step, loss=0.5, accuracy=1.0)
        run.flush()
        print(f"run.log: {(time.perf_counter() - begun) / 20_000 * 1e6:.1f} µs")
        steps = [step for points in outlet.sent for step in points["loss"][0]]
        self.assertEqual(steps, list(range(20_000)))


class Words(unittest.TestCase):
    """What is wrong and what would be right, to the letter."""

    def said(self, error: type[Exception], work: Callable[[], object]) -> str:
        with self.assertRaises(error) as caught:
            work()
        return str(caught.exception)

    def test_a_parameter_that_the_function_lacks(self) -> None:
        def fit(run: object, rate: float = 0.1, width: int = 4) -> float:
            return rate * width

        made = basin.describe(fit, metrics=["loss"])
        self.assertEqual(
            self.said(basin.DescriptorError, lambda: made.named({"rat": 1})),
            'the function fit has no parameter "rat"; did you mean "rate"? It has rate, width',
        )
        self.assertEqual(
            self.said(basin.DescriptorError, lambda: made.named({"zzz": 1})),
            'the function fit has no parameter "zzz". It has rate, width',
        )

    def test_a_metric_that_was_not_declared(self) -> None:
        run = TrainingRun(GRANT, ["loss", "accuracy"], Outlet())
        self.assertEqual(
            self.said(basin.DescriptorError, lambda: run.log(0, los=1.0)),
            'the metric "los" was not declared; did you mean "loss"? Declared are loss, accuracy; name it in @basin.experiment(metrics=…)',
        )

    def test_a_value_that_is_no_number(self) -> None:
        run = TrainingRun(GRANT, ["loss", "accuracy"], Outlet())
        self.assertEqual(self.said(TypeError, lambda: run.log(0, loss="much")), "loss must be a number, not str 'much'")


class Tensors(unittest.TestCase):
    def test_a_header_that_lies_is_refused(self) -> None:
        try:
            import numpy
        except ImportError:
            self.skipTest("NumPy is not installed")
        from basin.safetensors import write_tensors

        arrays = {"w": numpy.arange(6, dtype="float32").reshape(2, 3), "b": numpy.zeros(0)}
        back = read_tensors(write_tensors(arrays))
        self.assertEqual(back["w"].tolist(), [[0, 1, 2], [3, 4, 5]])
        with self.assertRaises(ValueError):
            read_tensors((1 << 40).to_bytes(8, "little") + b"{}")


if __name__ == "__main__":
    unittest.main()
