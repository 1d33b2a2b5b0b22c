"""Against a Basin that runs: BASIN_TEST_URL names its API. Without one these tests are skipped."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
import unittest
from pathlib import Path
from typing import Any

import basin

URL = os.environ.get("BASIN_TEST_URL")


@basin.experiment(id="py-parabola", metrics={"loss": "minimize", "x2": {"series": False}}, labels=["shape"])
def parabola(run: basin.TrainingRun, x: float = 1.0, y: float = 0.0, fail: str = "no") -> dict[str, float]:
    """A parabola with noise of the seed."""
    for step in range(10):
        run.log(step, loss=(x - 2) ** 2 + y**2 + run.seed * 1e-3 + 1 / (step + 1))
    if fail == "raise":
        raise RuntimeError("on purpose")
    if fail == "nan":
        return {"loss": float("nan")}
    if fail == "kill" and run.attempt == 1:
        os.kill(os.getpid(), signal.SIGKILL)
    run.label("shape", "round")
    run.artifact("notes.txt", f"x is {x}")
    return {"loss": (x - 2) ** 2 + y**2 + run.seed * 1e-3, "x2": x * x}


@basin.experiment(id="py-slow", metrics={"loss": "minimize"})
def slow(run: basin.TrainingRun, steps: int = 40) -> float:
    """Counts, resumes, and stops when it is asked."""
    begin = int(run.resume or b"0")
    for step in range(begin, steps):
        run.log(step, loss=1.0 / (step + 1))
        time.sleep(0.05)
        if run.should_stop():
            run.checkpoint(str(step + 1).encode(), step)
            return 0.0
    return 1.0 / steps


@basin.experiment(id="py-level", metrics={"loss": "minimize"})
def level(run: basin.TrainingRun, level: float = 0.0, steps: int = 200) -> float:
    """Stays where it is."""
    for step in range(steps):
        run.log(step, loss=level)
        time.sleep(0.02)
        run.stop_if_asked()
    return level


THRESHOLD = {"rule": "threshold", "metric": "loss", "threshold": 1, "rungs": [5]}


def records(sweep: basin.Sweep) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = sweep.runs(frame="records")
    return rows


@unittest.skipUnless(URL, "BASIN_TEST_URL is not set")
class Live(unittest.TestCase):
    def setUp(self) -> None:
        self.client = basin.connect(URL)

    def test_a_sweep_of_a_function(self) -> None:
        sweep = self.client.submit(parabola, space={"x": [0.0, 1.0, 2.0], "y": [0.0, 1.0]}, seeds=5)
        self.assertRegex(sweep.experiment, r"^py-parabola@[0-9a-f]{12}$")
        outcomes = basin.work(parabola, sweep=sweep, slots=2)
        self.assertEqual(outcomes, {"succeeded": 30})
        sweep.wait(timeout=20)
        rows = records(sweep)
        self.assertEqual(len(rows), 30)
        self.assertEqual({row["labels.shape"] for row in rows}, {"round"})
        self.assertTrue(all(row["provenance.host"] and row["provenance.commandLine"] for row in rows))
        points: list[dict[str, Any]] = sweep.metrics(frame="records")
        losses = [one for one in points if one["metric"] == "loss"]
        self.assertEqual(len(losses), 300)
        for run in {one["run"] for one in losses}:
            self.assertEqual([one["step"] for one in losses if one["run"] == run], list(range(10)))
        results = sweep.results(group_by=["x", "y"], frame="records")
        self.assertEqual(len(results), 6)
        first = next(row for row in results if row["x"] == 2 and row["y"] == 0)
        self.assertAlmostEqual(first["loss_mean"], 0.002, places=12)
        best = sweep.best(2)
        self.assertEqual((best[0].parameters["x"], best[0].seed, best[0].artifact("notes.txt")), (2.0, 0, b"x is 2.0"))
        self.assertIn(best[0].id, best[0]._repr_html_())
        self.assertEqual(best[0].series("loss")[0], list(range(10)))
        attempt = self.client.run(best[0].id).attempts[-1]
        self.assertIn("packages", attempt["provenance"])

    def test_what_goes_wrong_is_told_with_its_traceback(self) -> None:
        sweep = self.client.submit(parabola, space={"fail": ["raise", "nan", "kill"]}, seeds=1, retryLimit=1)
        basin.work(parabola, sweep=sweep, slots=2)
        by_fail = {row["parameters.fail"]: row for row in records(sweep)}
        self.assertEqual(by_fail["raise"]["state"], "failed")
        self.assertIn("RuntimeError: on purpose", by_fail["raise"]["reason"])
        self.assertIn("line ", by_fail["raise"]["reason"])
        self.assertEqual(by_fail["nan"]["state"], "diverged")
        self.assertEqual((by_fail["kill"]["state"], by_fail["kill"]["attempt"]), ("finished", 2))

    def test_a_drained_worker_hands_back_without_a_strike_and_the_next_goes_on(self) -> None:
        sweep = self.client.submit(slow, seeds=2, retryLimit=0)
        program = textwrap.dedent("""
            import sys, basin
            from test_live import slow
            client = basin.connect(sys.argv[1])
            basin.work(slow, client=client, sweep=client.sweep(sys.argv[2]), slots=2)
        """)
        here = Path(__file__).parent
        environment = {**os.environ, "PYTHONPATH": f"{here}{os.pathsep}{here.parent / 'src'}"}
        child = subprocess.Popen([sys.executable, "-c", program, URL or "", sweep.id], env=environment)
        deadline = time.monotonic() + 30
        while sweep.refresh().counts["running"] < 2 and time.monotonic() < deadline:
            time.sleep(0.1)
        time.sleep(0.7)
        child.send_signal(signal.SIGTERM)
        self.assertEqual(child.wait(30), 0)
        self.assertEqual(basin.work(slow, sweep=sweep, slots=2), {"succeeded": 2})
        for row in records(sweep):
            run = self.client.run(row["run"])
            self.assertEqual([one["state"] for one in run.attempts], ["handed-back", "succeeded"])
            self.assertGreater(run.attempts[1]["resumedFromStep"], 0)
            self.assertEqual(run.series("loss")[0], list(range(40)))

    def test_a_killed_worker_loses_its_lease_and_its_runs_are_committed_once(self) -> None:
        sweep = self.client.submit(slow, seeds=2)
        program = (
            "import sys, basin\nfrom test_live import slow\nc = basin.connect(sys.argv[1])\nbasin.work(slow, client=c, sweep=c.sweep(sys.argv[2]), slots=2)"
        )
        here = Path(__file__).parent
        environment = {**os.environ, "PYTHONPATH": f"{here}{os.pathsep}{here.parent / 'src'}"}
        child = subprocess.Popen([sys.executable, "-c", program, URL or "", sweep.id], env=environment)
        deadline = time.monotonic() + 30
        while sweep.refresh().counts["running"] < 2 and time.monotonic() < deadline:
            time.sleep(0.1)
        child.kill()
        child.wait()
        self.assertEqual(basin.work(slow, sweep=sweep, slots=2), {"succeeded": 2})
        for row in records(sweep):
            run = self.client.run(row["run"])
            self.assertEqual([one["state"] for one in run.attempts], ["lost", "succeeded"])
            self.assertEqual(run.series("loss")[0], list(range(40)))

    def test_ask_and_tell(self) -> None:
        sweep = self.client.submit(parabola, space={"x": [0.0, 2.0]}, seeds=2)
        told = 0
        while asked := sweep.ask(3, wait_seconds=5):
            for run in asked:
                run.report(0, loss=run.parameters["x"])
                sweep.tell(run, {"loss": run.parameters["x"] + run.seed, "x2": 0.0})
                told += 1
        self.assertEqual((told, sweep.wait(timeout=10).state), (4, "completed"))
        self.assertEqual(sweep.best()[0].objective, 0.0)
        with self.assertRaisesRegex(basin.BasinError, "told already"):
            sweep.tell(run, 1.0)

    def test_a_stopping_rule_ends_a_run_within_a_report(self) -> None:
        sweep = self.client.submit(level, space={"level": [0.0, 5.0]}, seeds=1, stopping=THRESHOLD)
        self.assertEqual(basin.work(level, sweep=sweep, slots=2), {"succeeded": 1})
        (stopped,) = [row for row in records(sweep) if row["state"] != "finished"]
        self.assertEqual((stopped["state"], stopped["reason"]), ("pruned", "5 at step 5 is worse than the bound of 1"))
        steps, values = self.client.run(stopped["run"]).series("loss")
        self.assertEqual((steps, set(values)), (list(range(len(steps))), {5.0}))
        self.assertLess(len(steps), 100)

    def test_a_stopping_rule_is_heard_in_a_loop_of_ones_own(self) -> None:
        sweep = self.client.submit(level, space={"level": [0.0, 5.0]}, seeds=1, stopping=THRESHOLD)
        for run in sweep.ask(2, wait_seconds=5):
            stops = run.report(5, loss=run.parameters["level"])
            self.assertEqual((stops, run.should_stop()), (run.parameters["level"] > 1, stops))
            # What it came to is told all the same: of a run that was stopped nothing more is taken.
            sweep.tell(run, run.parameters["level"])
        counts = sweep.wait(timeout=10).counts
        self.assertEqual((counts["succeeded"], counts["pruned"]), (1, 1))

    def test_a_study_of_optuna(self) -> None:
        try:
            import optuna
        except ImportError:
            self.skipTest("Optuna is not installed")
        optuna.logging.set_verbosity(optuna.logging.ERROR)
        study = optuna.create_study(study_name="A study", direction="maximize", sampler=optuna.samplers.RandomSampler(seed=1))

        def value(trial: Any) -> float:
            rate = trial.suggest_float("learning_rate", 1e-4, 1, log=True)
            kind = trial.suggest_categorical("kind", ["tanh", "relu"])
            trial.report(rate, 0)
            if trial.number == 3:
                raise optuna.TrialPruned()
            return float(rate) * trial.suggest_int("layers", 1, 4) * (1 if kind == "tanh" else 2)

        study.optimize(value, n_trials=8)
        sweep = basin.from_optuna(study, self.client)
        self.assertEqual((sweep.state, sweep.counts["succeeded"], sweep.counts["failed"]), ("completed", 7, 1))
        (best,) = sweep.best()
        self.assertAlmostEqual(best.objective or 0, study.best_value, places=12)
        self.assertEqual(best.parameters["learningRate"], study.best_params["learning_rate"])

    def test_a_cancelled_sweep_stops_its_runs(self) -> None:
        sweep = self.client.submit(slow, space={"steps": 2000}, seeds=1)
        threading.Timer(2.0, sweep.cancel).start()
        begun = time.monotonic()
        basin.work(slow, sweep=sweep, slots=1)
        self.assertLess(time.monotonic() - begun, 30)
        self.assertEqual(records(sweep)[0]["state"], "cancelled")

    def test_bad_input_is_answered_with_what_would_be_right(self) -> None:
        with self.assertRaisesRegex(basin.RequestError, 'no parameter "z"'):
            self.client.submit(parabola, space={"z": 1})
        sweep = self.client.submit(parabola, seeds=1)
        with self.assertRaisesRegex(basin.DescriptorError, "has no parameter"):
            basin.work(basin.describe(lambda run, q=1.0: q, id="py-parabola"), sweep=sweep)
        with self.assertRaisesRegex(basin.UnreachableError, "no answer"):
            basin.connect("http://127.0.0.1:9")
        sweep.cancel()


if __name__ == "__main__":
    unittest.main()
