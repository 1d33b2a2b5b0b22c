import type { ExperimentDescriptor, MetricDescriptor } from "@basin/contracts";
import { expect, it } from "vitest";
import { GroupLooks } from "./groups";
import { resultColumns } from "./results-columns";

const metric = (name: string, title: string, share?: true): MetricDescriptor => ({
  name,
  title,
  unit: "",
  series: false,
  final: true,
  scale: "linear",
  ...(share ? { share } : {}),
});
const experiment: ExperimentDescriptor = {
  id: "sindy-pendulum",
  version: 1,
  title: "Pendulum",
  summary: "",
  description: "",
  source: "",
  family: "sindy-autoencoder",
  familyTitle: "Discovering equations from images",
  diagnostic: false,
  defaultSweep: { lesson: "", space: {}, seeds: 5 },
  parameters: {},
  defaults: {},
  perRunParameters: [],
  objective: { metric: "fuv", direction: "minimize" },
  metrics: [
    metric("fuv", "Unexplained share"),
    metric("lawRecovered", "Law recovered (1 or 0)", true),
    metric("supportRecovered", "Support recovered (only sin z is active; 1 or 0)", true),
    metric("xi", "Coefficient"),
    { ...metric("outcome", "Outcome"), categories: ["law", "none"] },
  ],
  success: { text: "the law", all: [{ metric: "lawRecovered", op: ">=", value: 1 }] },
  plots: [],
  maxPackWidth: 8,
  stepUnit: "epoch",
};

it("law and support rates are columns of their own, and there are no means of ones and zeros or of classes", () => {
  const reported = ["fuv", "lawRecovered", "supportRecovered", "xi", "outcome"];
  const columns = resultColumns(new GroupLooks([], ["lawWeight"]), experiment, "fuv", reported);
  const titles = new Map(columns.map(({ id, header }) => [id, header]));
  expect([...titles.keys()].slice(-5)).toEqual([
    "success",
    "share lawRecovered",
    "share supportRecovered",
    "metric xi",
    "unfinished",
  ]);
  expect(titles.get("share supportRecovered")).toBe("Support recovered");
});
