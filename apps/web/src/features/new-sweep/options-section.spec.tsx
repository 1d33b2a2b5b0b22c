// @vitest-environment happy-dom
import { SubmittedSpec } from "@basin/contracts";
import { screen } from "@testing-library/react";
import { expect, it } from "vitest";
import { openForm } from "../../spec-support/open-form";

const fold = () => screen.getByRole("button", { name: /^(Show|Hide) objective, pool, priority/ });
const pool = () => screen.getByRole<HTMLInputElement>("combobox", { name: "Pool" });
const field = (name: string | RegExp) => screen.getByRole<HTMLInputElement>("textbox", { name });

it("has every field of a spec that has no part of its own, folded away where the contract says so", async () => {
  const { user } = openForm();
  for (const title of ["Name", "Notes"]) expect(field(title)).toBeTruthy();
  expect(screen.getByRole("combobox", { name: "Tags" })).toBeTruthy();
  expect(screen.queryByRole("textbox", { name: "Priority" })).toBeNull();
  expect(fold().getAttribute("aria-expanded")).toBe("false");
  await user.click(fold());
  expect(fold().getAttribute("aria-expanded")).toBe("true");
  expect(pool()).toBeTruthy();
  for (const title of ["Priority", "Retries", "Widest pack"]) expect(field(title)).toBeTruthy();
  expect(field("Widest pack").placeholder).toBe("what the model family finds useful");
});

it("writes what is typed into the spec, and takes it out again when a field is emptied", async () => {
  const { user, state } = openForm();
  await user.click(fold());
  await user.type(field("Name"), "A name ");
  await user.type(field("Widest pack"), "4");
  await user.clear(field("Priority"));
  await user.type(field("Priority"), "-7");
  await user.type(screen.getByRole("combobox", { name: "Tags" }), "first{Enter}second{Enter}");
  expect(state().complete).toMatchObject({ name: "A name", maxPackWidth: 4, priority: -7, tags: ["first", "second"] });
  expect(field("Name").value).toBe("A name ");
  await user.type(pool(), "gpu");
  expect(state().complete?.pool).toBe("gpu");
  await user.clear(pool());
  for (const title of ["Name", "Widest pack", "Priority"]) await user.clear(field(title));
  const { complete } = state();
  expect(complete).not.toHaveProperty("name");
  expect(complete).not.toHaveProperty("maxPackWidth");
  const plain = SubmittedSpec.parse({ experiment: "any" });
  expect(complete).not.toHaveProperty("pool");
  expect(complete).toMatchObject({ priority: plain.priority });
  expect(pool().placeholder).toBe("the project's");
});

it("says beside a field what its contract does not allow, and unfolds to say it", async () => {
  const { user, state } = openForm();
  await user.click(fold());
  await user.type(field("Priority"), "000");
  expect(field("Priority").getAttribute("aria-invalid")).not.toBe("true");
  await user.clear(field("Priority"));
  await user.type(field("Priority"), "101");
  const told = () =>
    (field("Priority").getAttribute("aria-describedby") ?? "")
      .split(" ")
      .map((id) => document.getElementById(id)?.textContent)
      .join(" ");
  expect(field("Priority").getAttribute("aria-invalid")).toBe("true");
  expect(told()).toMatch(/must be at most 100, not 101/);
  await user.click(fold());
  expect(field("Priority")).toBeTruthy();
  expect(state().complete).toBeNull();
  await user.type(field("Priority"), "{Backspace}");
  expect(field("Priority").value, "the field stays where it is mended").toBe("10");
  expect(state().complete?.priority).toBe(10);
});

it("chooses an objective, and leaves it to the experiment again", async () => {
  const { user, state } = openForm();
  await user.click(fold());
  const objective = screen.getByRole("combobox", { name: "Objective" });
  await user.selectOptions(objective, "minimize Loss");
  expect(state().complete?.objective).toEqual({ metric: "loss", direction: "minimize" });
  await user.selectOptions(objective, "maximize r2 (the experiment's)");
  expect(state().complete).not.toHaveProperty("objective");
});

it("has the limits of a budget, and no budget without one", async () => {
  const { user, state } = openForm();
  await user.type(field("Most runs"), "0");
  expect(state().complete).toBeNull();
  await user.clear(field("Most runs"));
  await user.type(field("Training time (s)"), "90.5");
  await user.type(field("Most steps (epochs)"), "1e6");
  expect(state().complete?.budget).toEqual({ maxTrainSeconds: 90.5, maxSteps: 1_000_000 });
  await user.clear(field("Training time (s)"));
  await user.clear(field("Most steps (epochs)"));
  expect(state().complete).not.toHaveProperty("budget");
});
