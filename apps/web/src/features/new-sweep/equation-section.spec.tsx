// @vitest-environment happy-dom
import { screen, waitFor, within } from "@testing-library/react";
import { expect, it } from "vitest";
import { openForm } from "../../spec-support/open-form";

const line = (name: string) => screen.getByRole<HTMLTextAreaElement>("textbox", { name });
const groupOf = (title: string) => screen.getByRole("group", { name: title });

it("shows what is typed by default, typeset", async () => {
  openForm({ experiment: "typed" });
  expect(line("Equations 1").value).toBe("u_t = alpha*u_xx");
  expect(line("Conditions 2").value).toBe("u(x, 0) = sin(pi*x)");
  await waitFor(
    () => expect(groupOf("Equations").querySelector(".katex annotation")?.textContent).toBe("u_{t} = \\alpha \\, u_{x x}"),
    {
      timeout: 10_000,
    },
  );
  expect(screen.queryByRole("combobox", { name: "How Equations is given" })).toBeNull();
});

it("marks what is wrong at its character, and takes the mark away when it is right", async () => {
  const { user, state } = openForm({ experiment: "typed" });
  await user.clear(line("Equations 1"));
  await user.type(line("Equations 1"), "u_t = alhpa*u_xx");
  expect(state().complete?.space.equations).toEqual({ type: "fixed", value: ["u_t = alhpa*u_xx"] });
  const group = groupOf("Equations");
  expect(group.querySelector("mark")?.textContent).toBe("alhpa");
  expect(group.textContent).toContain('Character 7: there is no "alhpa" here (did you mean "alpha"?');
  expect(line("Equations 1").getAttribute("aria-invalid")).toBe("true");
  await user.clear(line("Equations 1"));
  await user.type(line("Equations 1"), "u_t = alpha*u_xx - u^3");
  expect(group.querySelector("mark")).toBeNull();
  expect(line("Equations 1").getAttribute("aria-invalid")).not.toBe("true");
});

it("judges conditions by the coordinates that are typed", async () => {
  const { user } = openForm({ experiment: "typed" });
  await user.clear(line("Coordinates 1"));
  await user.type(line("Coordinates 1"), "x in [[1, 2]");
  const group = groupOf("Conditions");
  expect(group.textContent).toContain("Character 3: x = 0 is outside of its range from 1 to 2");
  expect(within(group).getAllByText("0")[0]?.tagName).toBe("MARK");
});

it("adds and removes lines, commas and all", async () => {
  const { user, state } = openForm({ experiment: "typed" });
  await user.click(screen.getByRole("button", { name: "Add to conditions" }));
  expect(groupOf("Conditions").textContent).toContain("Character 1: found the end");
  await user.type(line("Conditions 3"), "u_x(1, t) = 0");
  await user.click(screen.getByRole("button", { name: "Remove Conditions 1" }));
  expect(state().complete?.space.conditions).toEqual({ type: "fixed", value: ["u(x, 0) = sin(pi*x)", "u_x(1, t) = 0"] });
});

it("starts from a known equation, and says which until it is changed", async () => {
  const { user, state } = openForm({ experiment: "typed" });
  const start = screen.getByRole<HTMLSelectElement>("combobox", { name: "Start from" });
  await user.selectOptions(start, "Decay");
  expect(state().complete?.space).toEqual({
    coordinates: { type: "fixed", value: ["t in [0, 1]"] },
    equations: { type: "fixed", value: ["u_t = -alpha*u"] },
    conditions: { type: "fixed", value: ["u(0) = 1"] },
    alpha: { type: "fixed", value: 2 },
  });
  expect(start.value).toBe("decay");
  await user.type(line("Equations 1"), " + 1");
  expect(start.value).toBe("");
});

it("leaves lists that are swept to the parameters", async () => {
  const { user, state } = openForm({ experiment: "typed" });
  state().form.change(state().form.draft.with("space.equations", { type: "choice", values: [["u_t = u_xx"], ["u_t = u"]] }));
  const values = await screen.findByRole("combobox", { name: "Values of Equations" });
  expect(screen.queryByRole("textbox", { name: "Equations 1" })).toBeNull();
  await user.type(values, "u_t = 0*u(x, t); u_x = 0{Enter}");
  expect(state().complete?.space.equations).toEqual({
    type: "choice",
    values: [["u_t = u_xx"], ["u_t = u"], ["u_t = 0*u(x, t)", "u_x = 0"]],
  });
});
