// @vitest-environment happy-dom
import { screen, waitFor, within } from "@testing-library/react";
import { expect, it } from "vitest";
import { openForm, rowOf, sweepOf } from "../../spec-support/open-form";

const submit = () => screen.getByRole<HTMLButtonElement>("button", { name: /^Submit/ });
const ready = () => waitFor(() => expect(submit().disabled).toBe(false));
const sent = (asked: readonly { route: string; body: unknown }[], route: string) =>
  asked.filter((each) => each.route === route).map(({ body }) => body);

it("submits what the API agrees to, and goes to the sweep", async () => {
  const { user, asked, visited, state } = openForm();
  await user.type(screen.getByRole("textbox", { name: "Name" }), "Mine");
  expect(submit().disabled).toBe(true);
  await ready();
  expect(submit().textContent).toBe("Submit 6 runs");
  const spec = state().complete;
  await user.click(submit());
  await waitFor(() => expect(visited).toEqual(["/sweeps/abcd2345"]));
  expect(sent(asked, "POST /sweeps")).toEqual([spec]);
  expect(spec?.name).toBe("Mine");
});

it("says beside its field what the API finds wrong, and takes no such sweep", async () => {
  const { user } = openForm({
    refuses: ({ space }) =>
      "learningRate" in space ? [{ path: "learningRate", message: "is too large", hint: "at most 1" }] : [],
  });
  await user.selectOptions(screen.getByRole("combobox", { name: "How Learning rate is given" }), "Fixed");
  await waitFor(() => expect(rowOf("Learning rate").textContent).toContain("is too large (at most 1)"));
  expect(submit().disabled).toBe(true);
  expect(screen.getByRole("complementary", { name: "Preview" }).textContent).toContain("One field needs a change");
  await user.selectOptions(screen.getByRole("combobox", { name: "How Learning rate is given" }), "Default");
  await ready();
  expect(rowOf("Learning rate").textContent).not.toContain("is too large");
});

it("says above the button what belongs to no field", async () => {
  openForm({ refuses: () => [{ path: "space", message: "has too many configurations" }] });
  expect((await screen.findByRole("alert")).textContent).toBe("space: has too many configurations");
});

it("asks nothing as long as something cannot be read", async () => {
  const { user, asked } = openForm();
  await ready();
  const before = sent(asked, "POST /sweeps/preview").length;
  await user.clear(screen.getByRole("textbox", { name: "How many" }));
  await user.type(screen.getByRole("textbox", { name: "Name" }), "x");
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect(sent(asked, "POST /sweeps/preview").length).toBe(before);
  expect(submit().disabled).toBe(true);
});

it("is filled in and submitted with the keyboard only", async () => {
  const { user, asked, visited } = openForm();
  const tabTo = async (find: () => HTMLElement) => {
    for (let i = 0; i < 200 && document.activeElement !== find(); i += 1) await user.tab();
    expect(document.activeElement).toBe(find());
  };
  await tabTo(() => screen.getByRole("combobox", { name: "How Epochs is given" }));
  await user.selectOptions(screen.getByRole("combobox", { name: "How Epochs is given" }), "Fixed");
  await tabTo(() => within(rowOf("Epochs")).getByRole("textbox", { name: "Epochs" }));
  await user.keyboard("{Control>}a{/Control}6");
  await tabTo(() => screen.getByRole("textbox", { name: "Name" }));
  // Ctrl-Enter does not wait for the preview.
  await user.keyboard("Keys{Control>}{Enter}{/Control}");
  await waitFor(() => expect(visited).toEqual(["/sweeps/abcd2345"]));
  expect(sent(asked, "POST /sweeps")).toMatchObject([{ name: "Keys", space: { epochs: { type: "fixed" } } }]);
});

it("is not submitted by Enter in any of its fields", async () => {
  const { user, asked } = openForm();
  await ready();
  const fields = () => [...document.querySelectorAll<HTMLInputElement>("form input")];
  expect(fields().length).toBeGreaterThan(5);
  for (let i = 0; i < fields().length; i += 1) {
    fields()[i]?.focus();
    await user.keyboard("{Enter}{Enter}");
  }
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(sent(asked, "POST /sweeps")).toEqual([]);
});

const source = sweepOf({
  name: "First",
  experiment: "loss-minimization",
  space: { epochs: { type: "fixed", value: 5 }, viscosity: { type: "fixed", value: 1 } },
  budget: { maxRuns: 9 },
  maxPackWidth: 2,
});

it("clones a sweep: fields of it are replaced, and what exists no longer is named", async () => {
  const { user, asked, visited } = openForm({ source });
  expect(screen.getByRole("heading", { level: 1 }).textContent).toBe("Clone of First");
  expect(screen.getByRole<HTMLInputElement>("textbox", { name: "Name" }).value).toBe("First (copy)");
  expect(screen.getByText(/exist no longer: viscosity/)).toBeTruthy();
  await ready();
  await user.click(submit());
  await waitFor(() => expect(visited).toHaveLength(1));
  expect(sent(asked, "POST /sweeps/abcd2345/clone")).toMatchObject([
    { changes: { name: "First (copy)", budget: { maxRuns: 9 }, space: { epochs: { value: 5 } } } },
  ]);
});

it("is a sweep of its own once a field was taken out, since a clone cannot lose one", async () => {
  const { user, asked, visited } = openForm({ source });
  await user.clear(screen.getByRole("textbox", { name: "Most runs" }));
  await ready();
  await user.click(submit());
  await waitFor(() => expect(visited).toHaveLength(1));
  expect(sent(asked, "POST /sweeps/abcd2345/clone")).toEqual([]);
  expect(sent(asked, "POST /sweeps")).toMatchObject([{ maxPackWidth: 2 }]);
  expect(sent(asked, "POST /sweeps")[0]).not.toHaveProperty("budget");
});

it("keeps what was being written for the next visit, until it is started afresh", async () => {
  const first = openForm();
  await first.user.type(screen.getByRole("textbox", { name: "Name" }), "Kept");
  await waitFor(() => expect(window.localStorage.getItem("basin.new-sweep")).toContain("Kept"));
  const kept = window.localStorage.getItem("basin.new-sweep") ?? "";
  document.body.replaceChildren();
  window.localStorage.setItem("basin.new-sweep", kept);
  const { user, state } = openForm();
  expect(screen.getByRole<HTMLInputElement>("textbox", { name: "Name" }).value).toBe("Kept");
  await user.click(screen.getByRole("button", { name: "Start afresh" }));
  expect(state().complete).not.toHaveProperty("name");
  expect(window.localStorage.getItem("basin.new-sweep")).toBeNull();
});

it("begins with the experiment and the values that the address names", () => {
  const { state } = openForm({ experiment: "table", values: { source: "springs.csv", other: "1" } });
  expect(state().complete).toMatchObject({
    experiment: "table",
    space: { source: { type: "fixed", value: "springs.csv" } },
  });
});

it("chooses another experiment and another search", async () => {
  const { user, state } = openForm();
  await user.click(screen.getByRole("radio", { name: "A table" }));
  expect(state().complete).toMatchObject({ experiment: "table", space: {}, seeds: { count: 5 } });
  await user.click(screen.getByRole("radio", { name: "Random" }));
  expect(screen.getByRole<HTMLInputElement>("textbox", { name: "Trials" }).value).toBe("20");
  expect(state().complete?.search).toMatchObject({ algorithm: "random", config: { trials: 20 } });
  await user.clear(screen.getByRole("textbox", { name: "Trials" }));
  expect(state().complete).toBeNull();
});

it("asks before more than a thousand runs, and submits them when told to", async () => {
  const { user, asked, visited } = openForm();
  await user.clear(screen.getByRole("textbox", { name: "How many" }));
  await user.type(screen.getByRole("textbox", { name: "How many" }), "600");
  await ready();
  await user.click(submit());
  const dialog = await screen.findByRole("dialog", { name: "Submit this sweep?" });
  expect(dialog.textContent).toContain("1200 runs");
  expect(sent(asked, "POST /sweeps")).toEqual([]);
  await user.click(within(dialog).getByRole("button", { name: "Submit it" }));
  await waitFor(() => expect(visited).toEqual(["/sweeps/abcd2345"]));
});

it("names the fields that need a change, and goes to the one that is pressed", async () => {
  const { user } = openForm();
  await user.selectOptions(screen.getByRole("combobox", { name: "How Epochs is given" }), "Fixed");
  const field = within(rowOf("Epochs")).getByRole("textbox", { name: "Epochs" });
  await user.clear(field);
  const preview = screen.getByRole("complementary", { name: "Preview" });
  await user.click(within(preview).getByRole("button", { name: "Epochs" }));
  expect(document.activeElement).toBe(field);
});
