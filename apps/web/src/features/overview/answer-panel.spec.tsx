// @vitest-environment happy-dom
import { type SweepAnswer, SweepId } from "@basin/contracts";
import { MantineProvider } from "@mantine/core";
import { cleanup, render, screen, within } from "@testing-library/react";
import { userEvent } from "@testing-library/user-event";
import { AppRouterContext, type AppRouterInstance } from "next/dist/shared/lib/app-router-context.shared-runtime";
import type { ReactNode } from "react";
import { expect, it, onTestFinished } from "vitest";
import { CriterionPanel } from "../run/criterion-panel";
import { OutcomeMatrix } from "./outcome-matrix";

const sweep = SweepId.parse("k3v9x2mq");
const counts = { total: 3, succeeded: 2, diverged: 1, failed: 0, cancelled: 0, pruned: 0, unfinished: 0 };
const row = { counts, success: null, median: null, low: null, high: null, best: null };
const answer: SweepAnswer = {
  sweep,
  sentence: "",
  criterion: "it is right",
  figure: { metric: "mae", isObjective: true, better: "lower", scale: "log", unit: "", title: "Error" },
  groupedBy: ["activation"],
  seeds: [7, 8, 9],
  rows: [
    { ...row, group: { activation: "tanh" }, trial: 4, cells: "mxd" },
    { ...row, group: { activation: "relu" }, trial: 1, cells: "x m" },
  ],
  configurations: 5,
  seedCount: 3,
};

const router = { prefetch: () => undefined, push: () => undefined } as unknown as AppRouterInstance;

function shown(part: ReactNode) {
  onTestFinished(cleanup);
  render(
    <MantineProvider>
      <AppRouterContext.Provider value={router}>{part}</AppRouterContext.Provider>
    </MantineProvider>,
  );
}

it("a cell says what became of its run and opens it; a place without a run has none", () => {
  shown(<OutcomeMatrix answer={answer} />);
  const [, second] = within(screen.getByRole("grid")).getAllByRole("row");
  if (!second) throw new Error("no second row");
  const links = within(second).getAllByRole("link");
  expect(links.map((link) => [link.getAttribute("aria-label"), link.getAttribute("href")])).toEqual([
    ["relu, seed 7: missed", "/runs/k3v9x2mq-1-0"],
    ["relu, seed 9: met", "/runs/k3v9x2mq-1-2"],
  ]);
  expect(document.body.textContent).toContain("Shown: the best 2 of 5 configurations.");
});

it("the matrix is one stop of the Tab key; arrows go from cell to cell", async () => {
  const user = userEvent.setup();
  shown(<OutcomeMatrix answer={answer} />);
  const reached = () => document.activeElement?.getAttribute("aria-label");
  // Their order first.
  await user.tab();
  await user.tab();
  expect(reached()).toBe("tanh, seed 7: met");
  await user.keyboard("{ArrowDown}{ArrowRight}");
  expect(reached()).toBe("relu, seed 9: met");
  await user.keyboard("{ArrowUp}{Home}{End}");
  expect(reached()).toBe("tanh, seed 9: diverged");
  await user.tab();
  expect(within(screen.getByRole("grid")).queryByText("∞")).not.toBe(document.activeElement);
});

it("a run's page lists every bound, and says how many were missed", () => {
  const bounds = [
    { title: "R²", value: 0.9, limit: "≥ 0.995", met: false },
    { title: "Error", value: 0.001, limit: "≤ 0.01", met: true },
    { title: "Period", value: null, limit: "≤ 0.02", met: false },
  ];
  shown(<CriterionPanel outcome="missed" bounds={bounds} criterion="both bounds" />);
  const rows = within(screen.getByRole("table")).getAllByRole("row").slice(1);
  expect(rows.map((one) => [...one.children].map((cell) => cell.textContent))).toEqual([
    ["R²", "0.9", "≥ 0.995", "✗"],
    ["Error", "0.001", "≤ 0.01", "✓"],
    ["Period", "none", "≤ 0.02", "✗"],
  ]);
  expect(document.body.textContent).toContain("2 of 3 bounds missed");
});

it("a run without an outcome has no such list", () => {
  shown(<CriterionPanel outcome="none" bounds={[]} criterion="both bounds" />);
  expect(screen.queryByRole("table")).toBeNull();
});
