"use client";
import {
  ApiError,
  type Catalog,
  type ExperimentDescriptor,
  type Issue,
  type Sweep,
  type SweepPreview,
  type SweepSpecInput,
} from "@basin/contracts";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { previewQuery } from "@/api-client/queries";
import { matchIssues, type MatchedIssues } from "./issue-matching";
import { schemaFields, type SchemaField } from "./schema-fields";
import { specOfForm } from "./spec-of-form";
import { configTexts, formOfSpec, newForm, type ParameterForm, type SweepForm } from "./sweep-form";

const debounceMilliseconds = 350;

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
  preview: { data: SweepPreview | undefined; error: unknown; busy: boolean };
  /** Parameters of a cloned sweep that its experiment no longer has. */
  dropped: readonly string[];
  change: (part: Partial<SweepForm>) => void;
  changeParameter: (name: string, parameter: ParameterForm) => void;
  chooseExperiment: (id: string) => void;
  chooseAlgorithm: (id: string) => void;
  /** Problems that the API named when the sweep was submitted. */
  refuse: (issues: readonly Issue[]) => void;
}

function fieldPaths(fields: readonly SchemaField[], configFields: readonly SchemaField[]): string[] {
  const parts = ["value", "values", "min", "max", "points", "step"];
  return [
    ...["name", "experiment", "seeds", "seeds.count", "seeds.first", "seeds.list", "search.algorithm", "search.seed"],
    ...["objective", "pool", "priority", "retryLimit", "maxPackWidth", "tags", "notes"],
    ...fields.flatMap(({ name }) => [`space.${name}`, ...parts.map((part) => `space.${name}.${part}`)]),
    ...configFields.map(({ name }) => `search.config.${name}`),
  ];
}

function firstForm(catalog: Catalog, source: Sweep | null): { form: SweepForm; dropped: string[] } | null {
  const wanted = catalog.experiments.find(({ id }) => id === source?.spec.experiment);
  if (source && wanted) {
    const name = `${source.name} (copy)`.slice(0, 120);
    return formOfSpec({ ...source.spec, name }, wanted, catalog.searchAlgorithms);
  }
  const first = catalog.experiments[0];
  return first ? { form: newForm(first), dropped: [] } : null;
}

/** The form's state, the spec it describes, and what the API says about it. Null when the catalogue has no experiment. */
export function useSweepForm(catalog: Catalog, source: Sweep | null): SweepFormState | null {
  const [start] = useState(() => firstForm(catalog, source));
  const [form, setForm] = useState<SweepForm | null>(start?.form ?? null);
  const [refused, setRefused] = useState<{ form: SweepForm; issues: readonly Issue[] } | null>(null);
  const experiment = catalog.experiments.find(({ id }) => id === form?.experiment) ?? null;
  const algorithm = catalog.searchAlgorithms.find(({ id }) => id === form?.search.algorithm);
  const fields = useMemo(() => schemaFields(experiment?.parameters ?? {}), [experiment]);
  const configFields = useMemo(() => schemaFields(algorithm?.config ?? {}), [algorithm]);
  const read = useMemo(() => (form ? specOfForm(form, fields, algorithm) : null), [form, fields, algorithm]);
  const [settled] = useDebouncedValue(read, debounceMilliseconds);
  const readable = settled !== null && settled.issues.length === 0;
  const preview = useQuery({ ...previewQuery(settled?.spec ?? { experiment: "none" }), enabled: readable });

  const issues = useMemo(() => {
    const local = read?.issues ?? [];
    const remote = readable && preview.error instanceof ApiError ? preview.error.issues : [];
    const late = refused !== null && refused.form === form ? refused.issues : [];
    return matchIssues(
      [...local, ...(local.length > 0 ? [] : remote.length > 0 ? remote : late)],
      fieldPaths(fields, configFields),
    );
  }, [read, readable, preview.error, refused, form, fields, configFields]);

  if (!form || !experiment || !read) return null;
  const change = (part: Partial<SweepForm>) => setForm({ ...form, ...part });
  return {
    catalog,
    form,
    experiment,
    fields,
    configFields,
    spec: read.spec,
    issues,
    valid: read.issues.length === 0 && settled === read && preview.isSuccess && !preview.isPlaceholderData,
    preview: {
      data: preview.error ? undefined : preview.data,
      error: readable ? preview.error : null,
      busy: settled !== read || preview.isFetching,
    },
    dropped: start?.dropped ?? [],
    change,
    changeParameter: (name, parameter) => change({ parameters: { ...form.parameters, [name]: parameter } }),
    chooseExperiment: (id) => {
      const next = catalog.experiments.find((each) => each.id === id);
      if (!next || next.id === form.experiment) return;
      const { experiment: chosen, parameters } = newForm(next);
      change({ experiment: chosen, parameters, objective: null });
    },
    chooseAlgorithm: (id) =>
      change({
        search: { ...form.search, algorithm: id, config: configTexts(catalog.searchAlgorithms.find((each) => each.id === id)) },
      }),
    refuse: (refusals) => setRefused({ form, issues: refusals }),
  };
}
