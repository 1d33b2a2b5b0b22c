import type { ExperimentDescriptor } from "@basin/contracts";
import type { Draft } from "./draft";
import type { SchemaField } from "../catalog/schema-fields";

/** What fields are bound to. */
export interface DraftForm {
  draft: Draft;
  change: (draft: Draft) => void;
  /** What to write beside the field of this path; undefined: nothing is wrong there. */
  wrong: (path: string) => string | undefined;
  experiment: ExperimentDescriptor | null;
  /** What a step of the experiment is, e.g. `epoch`. */
  stepUnit: string;
}

/** What is given to a field whose value is one of the things of this Basin. */
export interface ChooserProps {
  form: DraftForm;
  path: string;
  field: SchemaField;
  /** Label, help and error, as every field has them. */
  common: { label?: string; description?: string; "aria-label"?: string; "data-field"?: string; error: string | undefined };
}
