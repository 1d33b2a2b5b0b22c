"use client";
import {
  ApiError,
  experimentIdOf,
  type Catalog,
  type ExperimentDescriptor,
  type Issue,
  type Sweep,
  type SweepPreview,
  type SubmittedSpec,
} from "@basin/contracts";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import { routeQuery } from "@/api-client/route-query";
import type { Draft } from "./draft";
import type { DraftForm } from "./draft-form";
import { issueText, matchIssues, type MatchedIssues } from "./issue-matching";
import { keptDraft, readDraft } from "./kept-draft";
import type { SchemaField } from "../catalog/schema-fields";
import { inOrder, optionsOf, parametersOf, pathsOf } from "./spec-fields";
import { type LineIssue, locateIssues, readSpec, type SpecFormat, writeSpec } from "./spec-text";
import { draftOfSpec, newDraft, readSweep, withExperiment } from "./sweep-draft";

const debounceMilliseconds = 350;

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
  /** The form cannot hold what the text says, so it still says something older. */
  apart: boolean;
  edit: (text: string, format: SpecFormat) => void;
  show: (format: SpecFormat) => void;
}

export interface SweepFormState {
  catalog: Catalog;
  experiment: ExperimentDescriptor;
  parameters: readonly SchemaField[];
  /** Of the search algorithm. */
  options: readonly SchemaField[];
  form: DraftForm;
  /** Every known problem, each at its field. */
  issues: MatchedIssues;
  /** The spec, where nothing that is known here keeps it from being submitted; whether the API agrees is not known yet. */
  complete: SubmittedSpec | null;
  /** The spec that the preview speaks of and the API agrees to; null while there is none. */
  checked: SubmittedSpec | null;
  preview: { data: SweepPreview | undefined; error: unknown; busy: boolean };
  /** What of a cloned sweep exists no longer. */
  dropped: readonly string[];
  /** What is shown was being written at the last visit. */
  restored: boolean;
  text: SpecText;
  chooseExperiment: (id: string) => void;
  /** Forgets everything that was written. */
  startAfresh: () => void;
  /** The sweep was submitted: nothing is left to be kept. */
  submitted: () => void;
  /** Problems that the API named when the sweep was submitted. */
  refuse: (issues: readonly Issue[]) => void;
}

interface FirstDraft {
  draft: Draft;
  dropped: string[];
  restored: boolean;
}

function freshDraft(catalog: Catalog, start: Pick<FormStart, "experiment" | "values">): FirstDraft | null {
  const { experiments } = catalog;
  const wanted =
    experiments.find(({ id }) => id === start.experiment) ?? experiments.find(({ diagnostic }) => !diagnostic) ?? experiments[0];
  if (!wanted) return null;
  let draft = newDraft(catalog, wanted);
  for (const { name } of parametersOf(catalog, draft.spec)) {
    const value = start.values[name];
    if (value !== undefined) draft = draft.with(`space.${name}`, { type: "fixed" }).withText(`space.${name}.value`, value);
  }
  return { draft, dropped: [], restored: false };
}

function firstDraft(catalog: Catalog, start: FormStart): FirstDraft | null {
  // A form is made from the newest version of an experiment from outside, whichever the cloned sweep ran with.
  const of = (written: SubmittedSpec, restored: boolean): FirstDraft | null => {
    const spec = { ...written, experiment: experimentIdOf(written.experiment) };
    const known = catalog.experiments.some(({ id }) => id === spec.experiment);
    return known ? { ...draftOfSpec(catalog, spec), restored } : null;
  };
  const { source } = start;
  const cloned = source ? of({ ...source.spec, name: `${source.name} (copy)`.slice(0, 120) }, false) : null;
  if (cloned) return cloned;
  const draft = source || start.experiment !== null ? null : readDraft();
  const kept = draft ? of(draft, true) : null;
  return kept && kept.dropped.length === 0 ? kept : freshDraft(catalog, start);
}

/** The form's draft, the spec it describes, and what the API says about it. Null when the catalogue has no experiment. */
export function useSweepForm(catalog: Catalog, begin: FormStart): SweepFormState | null {
  const [start, setStart] = useState(() => firstDraft(catalog, begin));
  const [draft, setDraft] = useState<Draft | null>(start?.draft ?? null);
  const [format, setFormat] = useState<SpecFormat>("yaml");
  const [typed, setTyped] = useState<{ text: string; apart: readonly LineIssue[] } | null>(null);
  const [refused, setRefused] = useState<{ draft: Draft; issues: readonly Issue[] } | null>(null);
  const read = useMemo(() => (draft ? readSweep(draft) : null), [draft]);
  const [settled] = useDebouncedValue(read, debounceMilliseconds);
  const asked = settled?.spec ?? null;
  const preview = useQuery({ ...routeQuery("previewSweep", asked && { body: asked }), placeholderData: keepPreviousData });

  const found = useMemo((): readonly Issue[] => {
    const local = read?.issues ?? [];
    if (local.length > 0) return local;
    const remote = asked && preview.error instanceof ApiError ? preview.error.issues : [];
    return remote.length > 0 ? remote : refused !== null && refused.draft === draft ? refused.issues : [];
  }, [read, asked, preview.error, refused, draft]);
  const issues = useMemo(() => matchIssues(found, draft ? pathsOf(catalog, draft.spec) : []), [found, catalog, draft]);

  const touched = draft !== null && draft !== start?.draft;
  useEffect(() => {
    if (touched && asked) keptDraft.keep(asked);
  }, [touched, asked]);

  const text = useMemo(
    () => typed?.text ?? writeSpec(read?.spec ?? inOrder(draft?.spec ?? {}), format),
    [typed, read, draft, format],
  );
  const apart = typed !== null && typed.apart.length > 0;
  const textIssues = useMemo(() => (apart ? typed.apart : locateIssues(text, found)), [apart, typed, text, found]);

  const experiment = catalog.experiments.find(({ id }) => id === draft?.spec.experiment);
  if (!draft || !experiment || !read) return null;
  const change = (next: Draft) => {
    setTyped(null);
    setDraft(next);
  };
  const complete = apart ? null : read.spec;
  return {
    catalog,
    experiment,
    parameters: parametersOf(catalog, draft.spec),
    options: optionsOf(catalog, draft.value("search.algorithm")),
    form: { draft, change, wrong: (path) => issueText(issues, path), experiment, stepUnit: experiment.stepUnit },
    issues,
    complete,
    checked: settled === read && preview.isSuccess && !preview.isPlaceholderData ? complete : null,
    preview: {
      data: preview.error ? undefined : preview.data,
      error: asked ? preview.error : null,
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
        const { spec, issues: wrong } = readSpec(next, catalog);
        setFormat(as);
        if (spec) setDraft(draft.withSpec(spec));
        setTyped({ text: next, apart: spec ? [] : wrong });
      },
      show: (as) => {
        // What cannot be read cannot be written in another format; what can be read stays as it was typed until the form changes it.
        if (apart || as === format) return;
        setTyped(null);
        setFormat(as);
      },
    },
    chooseExperiment: (id) => {
      const next = catalog.experiments.find((each) => each.id === id);
      if (next && next.id !== experiment.id) change(withExperiment(draft, catalog, next));
    },
    startAfresh: () => {
      keptDraft.drop();
      const fresh = freshDraft(catalog, { experiment: null, values: {} });
      if (!fresh) return;
      setStart(fresh);
      change(fresh.draft);
    },
    submitted: () => keptDraft.drop(),
    refuse: (refusals) => setRefused({ draft, issues: refusals }),
  };
}
