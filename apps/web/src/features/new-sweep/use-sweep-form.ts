"use client";
import {
  ApiError,
  type Catalog,
  type ExperimentDescriptor,
  type Issue,
  type Sweep,
  type SweepPreview,
  type SweepSpec,
  type SweepSpecInput,
} from "@basin/contracts";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import { previewQuery } from "@/api-client/queries";
import { dropDraft, keepDraft, readDraft } from "./draft";
import { matchIssues, type MatchedIssues } from "./issue-matching";
import { schemaFields, type SchemaField } from "./schema-fields";
import { specOfForm } from "./spec-of-form";
import { type LineIssue, locateIssues, readSpec, type SpecFormat, writeSpec } from "./spec-text";
import { configTexts, formOfSpec, newForm, type ParameterForm, type SweepForm } from "./sweep-form";

const debounceMilliseconds = 350;
/** Offered for an algorithm that needs a number of trials and has no default. */
const firstTrials = 20;

/** Where a form starts from. */
export interface FormStart {
  /** The sweep that is cloned. */
  source: Sweep | null;
  /** An experiment to begin with, and values to give its parameters. */
  experiment: string | null;
  values: Record<string, string>;
}

/** The spec as text: what is typed, else what the form says. */
export interface SpecText {
  text: string;
  format: SpecFormat;
  issues: readonly LineIssue[];
  /** The text cannot be read, so the form still says something older. */
  apart: boolean;
  edit: (text: string, format: SpecFormat) => void;
  show: (format: SpecFormat) => void;
}

export interface SweepFormState {
  catalog: Catalog;
  form: SweepForm;
  experiment: ExperimentDescriptor;
  fields: readonly SchemaField[];
  configFields: readonly SchemaField[];
  spec: SweepSpecInput;
  /** Every known problem, each at its field. */
  issues: MatchedIssues;
  valid: boolean;
  /** Nothing that is known here keeps it from being submitted; whether the API agrees is not known yet. */
  complete: boolean;
  preview: { data: SweepPreview | undefined; error: unknown; busy: boolean };
  /** The spec that the preview speaks of; null while it has problems. */
  checked: SweepSpecInput | null;
  /** Parameters of a cloned sweep that its experiment no longer has. */
  dropped: readonly string[];
  /** What is shown was being written at the last visit. */
  restored: boolean;
  text: SpecText;
  change: (part: Partial<SweepForm>) => void;
  changeParameter: (name: string, parameter: ParameterForm) => void;
  chooseExperiment: (id: string) => void;
  chooseAlgorithm: (id: string) => void;
  /** Forgets everything that was written. */
  startAfresh: () => void;
  /** The sweep was submitted: nothing is left to be kept. */
  submitted: () => void;
  /** Problems that the API named when the sweep was submitted. */
  refuse: (issues: readonly Issue[]) => void;
}

function fieldPaths(fields: readonly SchemaField[], configFields: readonly SchemaField[]): string[] {
  const parts = ["value", "values", "min", "max", "points", "step", "when"];
  return [
    ...["name", "experiment", "seeds", "seeds.count", "seeds.first", "seeds.list", "search.algorithm", "search.seed"],
    ...[
      "objective",
      ...["maxRuns", "maxTrainSeconds", "maxSteps", "deadline"].map((part) => `budget.${part}`),
      "budget",
      "pool",
      "priority",
      "retryLimit",
      "maxPackWidth",
      "tags",
      "notes",
    ],
    ...fields.flatMap(({ name }) => [`space.${name}`, ...parts.map((part) => `space.${name}.${part}`)]),
    ...configFields.map(({ name }) => `search.config.${name}`),
  ];
}

interface FirstForm {
  form: SweepForm;
  dropped: string[];
  restored: boolean;
}

const plain = (catalog: Catalog) => catalog.experiments.filter(({ diagnostic }) => !diagnostic);

function freshForm(catalog: Catalog, start: Pick<FormStart, "experiment" | "values">): SweepForm | null {
  const wanted = catalog.experiments.find(({ id }) => id === start.experiment) ?? plain(catalog)[0] ?? catalog.experiments[0];
  if (!wanted) return null;
  const form = newForm(wanted);
  for (const [name, value] of Object.entries(start.values)) {
    const parameter = form.parameters[name];
    if (parameter) form.parameters[name] = { ...parameter, mode: "fixed", value };
  }
  return form;
}

function firstForm(catalog: Catalog, start: FormStart): FirstForm | null {
  const of = (spec: SweepSpec, restored: boolean): FirstForm | null => {
    const experiment = catalog.experiments.find(({ id }) => id === spec.experiment);
    return experiment ? { ...formOfSpec(spec, experiment, catalog.searchAlgorithms), restored } : null;
  };
  const { source } = start;
  const cloned = source ? of({ ...source.spec, name: `${source.name} (copy)`.slice(0, 120) }, false) : null;
  if (cloned) return cloned;
  const draft = source || start.experiment !== null ? null : readDraft(window.localStorage);
  const kept = draft ? of(draft, true) : null;
  if (kept && kept.dropped.length === 0) return kept;
  const form = freshForm(catalog, start);
  return form ? { form, dropped: [], restored: false } : null;
}

/** The form's state, the spec it describes, and what the API says about it. Null when the catalogue has no experiment. */
export function useSweepForm(catalog: Catalog, begin: FormStart): SweepFormState | null {
  const [start, setStart] = useState(() => firstForm(catalog, begin));
  const [form, setForm] = useState<SweepForm | null>(start?.form ?? null);
  const [format, setFormat] = useState<SpecFormat>("yaml");
  const [typed, setTyped] = useState<{ text: string; issues: readonly LineIssue[] } | null>(null);
  const [refused, setRefused] = useState<{ form: SweepForm; issues: readonly Issue[] } | null>(null);
  const experiment = catalog.experiments.find(({ id }) => id === form?.experiment) ?? null;
  const algorithm = catalog.searchAlgorithms.find(({ id }) => id === form?.search.algorithm);
  const fields = useMemo(() => schemaFields(experiment?.parameters ?? {}), [experiment]);
  const configFields = useMemo(() => schemaFields(algorithm?.config ?? {}), [algorithm]);
  const read = useMemo(() => (form ? specOfForm(form, fields, algorithm) : null), [form, fields, algorithm]);
  const [settled] = useDebouncedValue(read, debounceMilliseconds);
  const readable = settled !== null && settled.issues.length === 0;
  const preview = useQuery({ ...previewQuery(settled?.spec ?? { experiment: "none" }), enabled: readable });

  const found = useMemo((): readonly Issue[] => {
    const local = read?.issues ?? [];
    const remote = readable && preview.error instanceof ApiError ? preview.error.issues : [];
    const late = refused !== null && refused.form === form ? refused.issues : [];
    return [...local, ...(local.length > 0 ? [] : remote.length > 0 ? remote : late)];
  }, [read, readable, preview.error, refused, form]);
  const issues = useMemo(() => matchIssues(found, fieldPaths(fields, configFields)), [found, fields, configFields]);

  const touched = form !== null && form !== start?.form;
  useEffect(() => {
    if (touched && readable) keepDraft(window.localStorage, settled.spec);
  }, [touched, readable, settled]);

  const text = useMemo(() => typed?.text ?? (read ? writeSpec(read.spec, format) : ""), [typed, read, format]);
  const textIssues = useMemo(
    () => (typed && typed.issues.length > 0 ? typed.issues : locateIssues(text, found)),
    [typed, text, found],
  );

  if (!form || !experiment || !read) return null;
  const set = (next: SweepForm) => {
    setTyped(null);
    setForm(next);
  };
  const change = (part: Partial<SweepForm>) => set({ ...form, ...part });
  const apart = typed !== null && typed.issues.length > 0;
  const complete = !apart && read.issues.length === 0;
  const valid = complete && settled === read && preview.isSuccess && !preview.isPlaceholderData;
  return {
    catalog,
    form,
    experiment,
    fields,
    configFields,
    spec: read.spec,
    issues,
    valid,
    complete,
    checked: valid ? read.spec : null,
    preview: {
      data: preview.error ? undefined : preview.data,
      error: readable ? preview.error : null,
      busy: settled !== read || preview.isFetching,
    },
    dropped: start?.dropped ?? [],
    restored: start?.restored ?? false,
    text: {
      text,
      format,
      issues: textIssues,
      apart,
      edit: (next, as) => {
        const answer = readSpec(next, catalog);
        setFormat(as);
        if ("spec" in answer) setForm(formOfSpec(answer.spec, answer.experiment, catalog.searchAlgorithms).form);
        setTyped({ text: next, issues: "issues" in answer ? answer.issues : [] });
      },
      show: (as) => {
        setFormat(as);
        if (!apart) setTyped(null);
      },
    },
    change,
    changeParameter: (name, parameter) => change({ parameters: { ...form.parameters, [name]: parameter } }),
    chooseExperiment: (id) => {
      const next = catalog.experiments.find((each) => each.id === id);
      if (!next || next.id === form.experiment) return;
      const { experiment: chosen, parameters, seeds } = newForm(next);
      change({ experiment: chosen, parameters, seeds, objective: null });
    },
    chooseAlgorithm: (id) => {
      const config = configTexts(catalog.searchAlgorithms.find((each) => each.id === id));
      if (config.trials === "") config.trials = String(firstTrials);
      change({ search: { ...form.search, algorithm: id, config } });
    },
    startAfresh: () => {
      dropDraft(window.localStorage);
      const fresh = freshForm(catalog, { experiment: null, values: {} });
      if (!fresh) return;
      setStart({ form: fresh, dropped: [], restored: false });
      set(fresh);
    },
    submitted: () => dropDraft(window.localStorage),
    refuse: (refusals) => setRefused({ form, issues: refusals }),
  };
}
