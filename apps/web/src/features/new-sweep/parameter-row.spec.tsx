// @vitest-environment happy-dom
import { screen, within } from "@testing-library/react";
import { expect, it } from "vitest";
import { openForm, rowOf } from "../../spec-support/open-form";

const mode = (title: string) => screen.getByRole("combobox", { name: `How ${title} is given` });

it("shows what a parameter is, what it takes and its default", () => {
  openForm();
  const row = rowOf("Epochs");
  expect(row.textContent).toMatch(/Takes at least 1, at most/);
  expect(within(row).getByText(/^[\d ,]+ epochs$/)).toBeTruthy();
  expect(within(row).queryByRole("textbox")).toBeNull();
});

it("reads one value, and says beside it what cannot be read", async () => {
  const { user, state } = openForm();
  await user.selectOptions(mode("Epochs"), "Fixed");
  const input = within(rowOf("Epochs")).getByRole("textbox", { name: "Epochs" });
  await user.clear(input);
  await user.type(input, "1e");
  expect(input.getAttribute("aria-invalid")).toBe("true");
  expect(rowOf("Epochs").textContent).toContain('"1e" is not a number');
  await user.type(input, "2");
  expect(input.getAttribute("aria-invalid")).not.toBe("true");
  expect((input as HTMLInputElement).value).toBe("1e2");
  expect(state().complete?.space.epochs).toEqual({ type: "fixed", value: 100 });
});

it("offers a range with the labels of its parts", async () => {
  const { user, state } = openForm();
  await user.selectOptions(mode("Learning rate"), "Sweep: log range");
  const from = screen.getByRole("textbox", { name: "Learning rate: from" });
  await user.clear(from);
  await user.type(from, "1e-6");
  await user.clear(screen.getByRole("textbox", { name: "Learning rate: points in a grid" }));
  expect(state().complete?.space.learningRate).toEqual({ type: "log-float", min: 1e-6, max: 1e-2 });
  await user.clear(screen.getByRole("textbox", { name: "Learning rate: to" }));
  expect(rowOf("Learning rate").textContent).toContain("needs a number");
  expect(state().complete).toBeNull();
});

it("takes a list of values, each with Enter, and removes one again", async () => {
  const { user, state } = openForm();
  await user.selectOptions(mode("Hidden layers"), "Sweep: list");
  const values = screen.getByRole("combobox", { name: "Values of Hidden layers" });
  await user.type(values, "8, 4{Enter}");
  const list = () => (state().complete?.space.hiddenLayers as { values: unknown } | undefined)?.values;
  expect(list()).toEqual([expect.any(Array), [8, 4]]);
  await user.type(values, "{Backspace}");
  expect(list()).toEqual([expect.any(Array)]);
});

it("gives back what was typed when it is chosen again", async () => {
  const { user, state } = openForm();
  await user.selectOptions(mode("Epochs"), "Fixed");
  const input = () => within(rowOf("Epochs")).getByRole<HTMLInputElement>("textbox", { name: "Epochs" });
  await user.clear(input());
  await user.type(input(), "7e0");
  await user.selectOptions(mode("Epochs"), "Default");
  expect(state().complete?.space).not.toHaveProperty("epochs");
  await user.selectOptions(mode("Epochs"), "Fixed");
  expect(input().value).toBe("7e0");
});

it("applies only where another parameter has some value, until it always does", async () => {
  const { user, state } = openForm();
  await user.selectOptions(mode("Epochs"), "Fixed");
  await user.click(screen.getByRole("button", { name: "Epochs: only when …" }));
  const condition = screen.getByRole("group", { name: "When Epochs applies" });
  expect(condition.textContent).toContain("needs at least one value");
  expect(state().complete).toBeNull();
  await user.click(within(condition).getByRole("checkbox", { name: "relu" }));
  expect(condition.textContent).not.toContain("needs at least one value");
  expect(state().complete?.space.epochs?.when).toEqual({ parameter: "activation", in: ["relu"] });
  await user.click(screen.getByRole("button", { name: "Epochs: always" }));
  expect(state().complete?.space.epochs).not.toHaveProperty("when");
});

it("offers what its schema says it is one of", async () => {
  const { user } = openForm({ experiment: "table" });
  await user.selectOptions(mode("Source"), "Fixed");
  const source = within(rowOf("Source")).getByRole("combobox", { name: "Source" });
  expect(within(source).getByRole("option", { name: "Choose …" })).toBeTruthy();
  expect(within(rowOf("Source")).getByRole("link", { name: "Upload a file" })).toBeTruthy();
});
