// @vitest-environment happy-dom
import { fireEvent, screen, within } from "@testing-library/react";
import { parse } from "yaml";
import { expect, it } from "vitest";
import { openForm, rowOf } from "../../spec-support/open-form";

const area = () => screen.getByRole<HTMLTextAreaElement>("textbox", { name: /^Sweep as (YAML|JSON)$/ });
const view = (name: string) => screen.getByRole("radio", { name });
const epochs = () => within(rowOf("Epochs")).getByRole<HTMLInputElement>("textbox", { name: "Epochs" });
const write = (text: string) => fireEvent.change(area(), { target: { value: text } });

it("says what the form says, in both formats, and the form what it says", async () => {
  const { user, state } = openForm();
  await user.type(screen.getByRole("textbox", { name: "Name" }), "Mine");
  await user.click(view("JSON"));
  expect(JSON.parse(area().value)).toEqual(state().complete);
  await user.click(view("YAML"));
  expect(parse(area().value)).toEqual(state().complete);
  write("experiment: loss-minimization\nname: Theirs\nspace:\n  epochs: 12 # short\nseeds: 4\n");
  expect(state().complete).toMatchObject({
    name: "Theirs",
    seeds: { count: 4 },
    space: { epochs: { type: "fixed", value: 12 } },
  });
  await user.click(view("Form"));
  expect(epochs().value).toBe("12");
  expect(screen.getByRole<HTMLInputElement>("textbox", { name: "Name" }).value).toBe("Theirs");
  await user.click(view("YAML"));
  expect(area().value, "what was written stays as it was written").toContain("12 # short");
});

it("carries what is half typed both ways", async () => {
  const { user, state } = openForm();
  await user.selectOptions(screen.getByRole("combobox", { name: "How Epochs is given" }), "Fixed");
  await user.clear(epochs());
  await user.type(epochs(), "1e");
  await user.click(view("YAML"));
  expect(parse(area().value)).toMatchObject({ space: { epochs: { type: "fixed", value: "1e" } } });
  expect(screen.getByRole("button", { name: /^Line \d+$/ })).toBeTruthy();
  write(area().value.replace("count: 3", "count: many"));
  await user.click(view("Form"));
  expect(epochs().value).toBe("1e");
  const count = screen.getByRole<HTMLInputElement>("textbox", { name: "How many" });
  expect([count.value, count.getAttribute("aria-invalid")]).toEqual(["many", "true"]);
  expect(state().complete).toBeNull();
});

it("keeps apart what the form cannot hold, says where it is wrong, and goes there", async () => {
  const { user, state } = openForm();
  await user.click(view("YAML"));
  const before = state().form.draft.spec;
  write("experiment: loss-minimization\nspace:\n  viscosity: 3\n");
  expect(state().form.draft.spec).toBe(before);
  expect(area().getAttribute("aria-invalid")).toBe("true");
  expect(screen.getByText(/no parameter "viscosity"/)).toBeTruthy();
  await user.click(screen.getByRole("button", { name: "Line 3" }));
  expect(area().value.slice(area().selectionStart, area().selectionEnd)).toBe("  viscosity: 3");
  await user.click(view("JSON"));
  expect(area().value, "what cannot be read is in no other format").toContain("viscosity: 3");
  write("experiment: loss-minimization\n");
  expect(area().getAttribute("aria-invalid")).toBe("false");
  expect(state().complete?.space).toEqual({});
});

it("tells JSON from YAML as it is pasted", async () => {
  const { user } = openForm();
  await user.click(view("YAML"));
  write('{ "experiment": "loss-minimization", "name": "Pasted" }');
  expect(screen.getByRole("heading", { name: "As JSON" })).toBeTruthy();
});
