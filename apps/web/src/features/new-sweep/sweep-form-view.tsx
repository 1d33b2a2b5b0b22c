"use client";
import { ApiError, type Sweep, type SubmittedSpec, messageOf } from "@basin/contracts";
import { Button, SegmentedControl } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { type KeyboardEvent, useState } from "react";
import { apiOnce } from "@/api-client/api";
import { keys, showSweep } from "@/api-client/route-query";
import { ConfirmDialog } from "../layout/confirm-dialog";
import { BudgetSection } from "./budget-section";
import { CopyMenu } from "./copy-menu";
import { ExperimentCards } from "./experiment-cards";
import css from "./new-sweep.module.css";
import { EquationSection } from "./equation-section";
import { OptionsSection } from "./options-section";
import { ParametersSection } from "./parameters-section";
import { PreviewPanel } from "./preview-panel";
import { SavingSection } from "./saving-section";
import { SearchSection } from "./search-section";
import { SpecEditor } from "./spec-editor";
import { isLarge, sizeOf, sizeText, type SweepSize } from "./sweep-size";
import { removableFields } from "./spec-fields";
import type { SweepFormState } from "./use-sweep-form";

const views = [
  { value: "form", label: "Form" },
  { value: "yaml", label: "YAML" },
  { value: "json", label: "JSON" },
];

/** The same sweep as a form or as text, and what it makes. Ctrl-Enter submits. */
export function SweepFormView({ state, source }: { state: SweepFormState; source: Sweep | null }) {
  const router = useRouter();
  const client = useQueryClient();
  const [view, setView] = useState("form");
  const submit = useMutation({
    mutationFn: (spec: SubmittedSpec) => {
      // A clone can replace fields but not remove them.
      const asClone =
        source !== null &&
        source.spec.experiment === spec.experiment &&
        removableFields.every((name) => !(name in source.spec) || name in spec);
      return asClone
        ? apiOnce("cloneSweep", { params: { sweep: source.id }, body: { changes: spec } })
        : apiOnce("createSweep", { body: spec });
    },
    onSuccess: async (sweep) => {
      state.submitted();
      showSweep(client, sweep);
      await client.invalidateQueries({ queryKey: keys.sweeps });
      router.push(`/sweeps/${sweep.id}`);
    },
    onError: (error) => {
      if (error instanceof ApiError) state.refuse(error.issues);
    },
  });
  const { rest } = state.issues;
  const [asking, setAsking] = useState<{ spec: SubmittedSpec; size: SweepSize } | null>(null);
  const weighing = useMutation({
    mutationFn: async (spec: SubmittedSpec) => ({ spec, size: await sizeOf(client, spec) }),
    onSuccess: ({ spec, size }) => {
      if (isLarge(size)) setAsking({ spec, size });
      else submit.mutate(spec);
    },
  });
  const idle = !submit.isPending && !submit.isSuccess && !weighing.isPending;
  const show = (next: string) => {
    setView(next);
    if (next !== "form") state.text.show(next === "json" ? "json" : "yaml");
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Enter") return;
    if (!(event.ctrlKey || event.metaKey)) {
      // In a field Enter ends a value: a browser would submit the whole form.
      if (event.target instanceof HTMLInputElement) event.preventDefault();
      return;
    }
    event.preventDefault();
    // Without waiting for the preview: what the API refuses is said beside its field all the same.
    if (state.complete && idle) weighing.mutate(state.complete);
  };
  return (
    <form
      onKeyDown={onKeyDown}
      onSubmit={(event) => {
        event.preventDefault();
        if (state.checked && idle) weighing.mutate(state.checked);
      }}
    >
      <div className={css.top}>
        <h1>{source ? `Clone of ${source.name}` : "New sweep"}</h1>
        <SegmentedControl
          aria-label="Shown as"
          size="xs"
          data={views}
          value={view === "form" ? view : state.text.format}
          onChange={show}
        />
        <CopyMenu spec={state.complete ?? state.form.draft.spec} disabled={state.text.apart} />
      </div>
      {state.restored && (
        <p role="status" className={css.restored}>
          This is what you were writing when you left.{" "}
          <Button size="compact-xs" variant="default" onClick={state.startAfresh}>
            Start afresh
          </Button>
        </p>
      )}
      {state.dropped.length > 0 && (
        <p role="status" className={css.wrong}>
          These parameters of the cloned sweep exist no longer: {state.dropped.join(", ")}. They are left out.
        </p>
      )}
      <div className={css.form}>
        <div className={css.sections}>
          {view === "form" ? (
            <>
              <ExperimentCards state={state} />
              <EquationSection state={state} />
              <ParametersSection key={state.experiment.id} state={state} />
              <SearchSection state={state} />
              <SavingSection form={state.form} />
              <BudgetSection form={state.form} />
              <OptionsSection form={state.form} />
            </>
          ) : (
            <SpecEditor text={state.text} />
          )}
        </div>
        <PreviewPanel
          state={state}
          problems={rest.map(({ path, message, hint }) => {
            const what = hint === undefined ? message : `${message} (${hint})`;
            return path === "" ? what : `${path}: ${what}`;
          })}
          failure={submit.error ? messageOf(submit.error) : null}
          submitting={!idle}
        />
      </div>
      <ConfirmDialog
        opened={asking !== null}
        title="Submit this sweep?"
        keep="Back to the form"
        act="Submit it"
        onAct={() => asking && submit.mutate(asking.spec)}
        onClose={() => setAsking(null)}
      >
        {asking && sizeText(asking.size)}
      </ConfirmDialog>
    </form>
  );
}
