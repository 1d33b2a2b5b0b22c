"use client";
import { ApiError, type Sweep } from "@basin/contracts";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { api, messageOf } from "@/api-client/api";
import { keys } from "@/api-client/queries";
import { Panel } from "../layout/panel";
import { ExperimentCards } from "./experiment-cards";
import css from "./new-sweep.module.css";
import { OptionsSection } from "./options-section";
import { ParametersSection } from "./parameters-section";
import { PreviewPanel } from "./preview-panel";
import { SearchSection } from "./search-section";
import { SpecJson } from "./spec-json";
import type { SweepFormState } from "./use-sweep-form";

/** Fields of a spec that can be absent; a clone can replace fields but not remove them. */
const removable = ["objective", "maxPackWidth"] as const;

export function SweepFormView({ state, source }: { state: SweepFormState; source: Sweep | null }) {
  const router = useRouter();
  const client = useQueryClient();
  const submit = useMutation({
    mutationFn: () => {
      const asClone = source !== null && removable.every((name) => !(name in source.spec) || name in state.spec);
      return asClone
        ? api("cloneSweep", { params: { sweep: source.id }, body: { changes: state.spec } })
        : api("createSweep", { body: state.spec });
    },
    onSuccess: async (sweep) => {
      client.setQueryData(keys.sweep(sweep.id), sweep);
      await client.invalidateQueries({ queryKey: keys.sweeps });
      router.push(`/sweeps/${sweep.id}`);
    },
    onError: (error) => {
      if (error instanceof ApiError) state.refuse(error.issues);
    },
  });
  const { rest } = state.issues;
  return (
    <form
      className={css.form}
      onSubmit={(event) => {
        event.preventDefault();
        submit.mutate();
      }}
    >
      <div className={css.sections}>
        {state.dropped.length > 0 && (
          <p role="status" className={css.wrong}>
            The experiment no longer has these parameters of the cloned sweep: {state.dropped.join(", ")}. They are left out.
          </p>
        )}
        <ExperimentCards state={state} />
        <ParametersSection state={state} />
        <SearchSection state={state} />
        <OptionsSection state={state} />
        <Panel title="As JSON" note="what is submitted; the command line takes the same">
          <SpecJson spec={state.spec} />
        </Panel>
      </div>
      <PreviewPanel
        state={state}
        problems={rest.map(({ path, message }) => (path === "" ? message : `${path}: ${message}`))}
        failure={submit.error ? messageOf(submit.error) : null}
        submitting={submit.isPending || submit.isSuccess}
      />
    </form>
  );
}
