import {
  type Catalog,
  type Issue,
  MlpParameters,
  SubmittedSpec,
  type Sweep,
  SweepId,
  SweepSpec,
  type SweepSpecInput,
} from "@basin/contracts";
import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { cleanup, configure, render, screen } from "@testing-library/react";
import { type UserEvent, userEvent } from "@testing-library/user-event";
import { AppRouterContext, type AppRouterInstance } from "next/dist/shared/lib/app-router-context.shared-runtime";
import { onTestFinished } from "vitest";
import { SweepFormView } from "../features/new-sweep/sweep-form-view";
import { type FormStart, type SweepFormState, useSweepForm } from "../features/new-sweep/use-sweep-form";
import { experimentWith } from "./experiment-descriptor";

// Few of the real ones, and every element counts as visible: in a played document that is slow to find out.
const few = { activation: true, hiddenLayers: true, learningRate: true, epochs: true, restoreBestWeights: true } as const;
configure({ defaultHidden: true });

/** The JSON Schema of lines of a typed equation. */
function typedLines(name: string, value: readonly string[]) {
  const title = name.charAt(0).toUpperCase() + name.slice(1);
  return { type: "array", items: { type: "string" }, default: value, title, "x-lines": true, "x-equation": name };
}

/** A network, with the JSON Schema that the API serves, and a table that must be chosen. */
const catalog: Catalog = {
  experiments: [
    experimentWith({
      title: "A network",
      parameters: { ...MlpParameters.pick(few).toJSONSchema({ io: "input" }) },
      defaultSweep: { lesson: "", space: { activation: { type: "choice", values: ["tanh", "relu"] } }, seeds: 3 },
    }),
    experimentWith({
      id: "table",
      title: "A table",
      parameters: {
        type: "object",
        properties: { source: { type: "string", default: "", title: "Source", "x-choose-from": "datasets" } },
      },
    }),
    experimentWith({
      id: "typed",
      title: "A typed equation",
      parameters: {
        type: "object",
        properties: {
          unknowns: typedLines("unknowns", ["u"]),
          coordinates: typedLines("coordinates", ["x in [0, 1]", "t in [0, 1]"]),
          equations: typedLines("equations", ["u_t = alpha*u_xx"]),
          conditions: typedLines("conditions", ["u(0, t) = 0", "u(x, 0) = sin(pi*x)"]),
          alpha: { type: "number", default: 1, title: "Constant alpha", "x-equation": "given" },
        },
      },
      startingPoints: [
        {
          id: "decay",
          title: "Decay",
          summary: "What is there goes.",
          parameters: { coordinates: ["t in [0, 1]"], equations: ["u_t = -alpha*u"], conditions: ["u(0) = 1"], alpha: 2 },
        },
      ],
    }),
  ],
  searchAlgorithms: [
    { id: "grid", version: 1, title: "Grid", summary: "", config: { type: "object", properties: {} } },
    {
      id: "random",
      version: 1,
      title: "Random",
      summary: "",
      config: {
        type: "object",
        properties: { trials: { type: "integer", minimum: 1, title: "Trials", examples: [20] } },
        required: ["trials"],
      },
    },
  ],
};

const id = SweepId.parse("abcd2345");

/** A finished sweep of this spec. */
export function sweepOf(input: SweepSpecInput): Sweep {
  const spec = SweepSpec.parse(input);
  return {
    id,
    name: spec.name ?? "A sweep",
    state: "completed",
    spec,
    objective: { metric: "r2", direction: "maximize" },
    trialsPlanned: 1,
    trialsCreated: 1,
    seedCount: 3,
    counts: { planned: 3, pending: 0, queued: 0, running: 0, succeeded: 3, diverged: 0, failed: 0, cancelled: 0, pruned: 0 },
    parked: null,
    racing: null,
    usage: { trainSeconds: 1, steps: 3, spent: null },
    best: null,
    success: null,
    build: null,
    earlierBuilds: [],
    waiting: null,
    owner: "local",
    project: "default",
    clonedFrom: null,
    createdAt: "2030-01-01T00:00:00.000Z",
    startedAt: null,
    finishedAt: null,
    archivedAt: null,
    binnedUntil: null,
  };
}

/** What the API is asked: a method, a path below /api/v1 and a body. */
interface Asked {
  route: string;
  body: unknown;
}

interface OpenedForm {
  user: UserEvent;
  asked: Asked[];
  /** Pages that were gone to. */
  visited: string[];
  /** The form's state as it was drawn last. */
  state: () => SweepFormState;
}

interface FormOptions extends Partial<FormStart> {
  /** What the API finds wrong with a spec that it is to preview. */
  refuses?: (spec: SubmittedSpec) => Issue[];
}

const json = (status: number, body: unknown) =>
  new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json" } });

/** An API that has three datasets, a trainer and three trials for every spec. */
function answer(route: string, body: unknown, refuses: (spec: SubmittedSpec) => Issue[]): Response {
  switch (route) {
    case "POST /sweeps/preview": {
      const issues = refuses(SubmittedSpec.parse(body));
      if (issues.length > 0) return json(400, { error: { code: "invalid", message: "it is wrong", issues } });
      return json(200, {
        trials: 2,
        runs: 6,
        seeds: 3,
        sample: [],
        objective: { metric: "r2", direction: "maximize" },
        warnings: [],
      });
    }
    case "POST /sweeps":
      return json(201, sweepOf(body as SweepSpecInput));
    case `POST /sweeps/${id}/clone`:
      return json(201, sweepOf((body as { changes: SweepSpecInput }).changes));
    case "POST /sweeps/estimate": {
      const { seeds } = SubmittedSpec.parse(body);
      const runs = 2 * ("count" in seeds ? seeds.count : seeds.list.length);
      return json(200, { runs, slots: 1, secondsPerRun: null, seconds: null, reading: "" });
    }
    default:
      // Trainers and the like are no matter of the form.
      return json(404, { error: { code: "not-found", message: "there is none", issues: [] } });
  }
}

function Form({ start, seen }: { start: FormStart; seen: (state: SweepFormState) => void }) {
  const state = useSweepForm(catalog, start);
  if (!state) return null;
  seen(state);
  return <SweepFormView state={state} source={start.source} />;
}

/** The form in a page of its own, over an API that is played. */
export function openForm({ refuses = () => [], ...given }: FormOptions = {}): OpenedForm {
  const asked: Asked[] = [];
  const visited: string[] = [];
  let last: SweepFormState | null = null;
  const play = (input: RequestInfo | URL, init: RequestInit = {}) => {
    const path = (input instanceof Request ? input.url : String(input)).replace(/^.*\/api\/v1/, "");
    const body: unknown = typeof init.body === "string" ? JSON.parse(init.body) : undefined;
    const route = `${init.method ?? "GET"} ${path}`;
    asked.push({ route, body });
    return Promise.resolve(answer(route, body, refuses));
  };
  // A text area that grows listens for fonts, which the played document does not have.
  if (!("fonts" in document)) Object.defineProperty(document, "fonts", { value: new EventTarget() });
  const before = globalThis.fetch;
  globalThis.fetch = play;
  const router: AppRouterInstance = {
    bfcacheId: "",
    push: (href) => void visited.push(href),
    replace: (href) => void visited.push(href),
    back: () => undefined,
    forward: () => undefined,
    refresh: () => undefined,
    prefetch: () => undefined,
  };
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  render(
    <AppRouterContext.Provider value={router}>
      <QueryClientProvider client={client}>
        <MantineProvider env="test">
          <Form start={{ source: null, experiment: null, values: {}, ...given }} seen={(state) => (last = state)} />
        </MantineProvider>
      </QueryClientProvider>
    </AppRouterContext.Provider>,
  );
  onTestFinished(() => {
    cleanup();
    client.clear();
    window.localStorage.clear();
    globalThis.fetch = before;
  });
  return {
    user: userEvent.setup(),
    asked,
    visited,
    state: () => {
      if (!last) throw new Error("the form has not been drawn");
      return last;
    },
  };
}

/** The part of the form that one parameter has. */
export const rowOf = (title: string): HTMLElement => screen.getByRole("group", { name: new RegExp(`^${title}( \\(|$)`) });
