/**
 * The parameters of a trial (alias `t`) as far as they apply: null where the condition of its dimension does not hold. What trains has the
 * experiment's default there.
 */
export const appliedParameters = `CASE WHEN t.inapplicable = '{}' THEN t.parameters
  ELSE t.parameters || (SELECT jsonb_object_agg(name, NULL::text) FROM unnest(t.inapplicable) name) END`;

/** One of them; `name` is SQL for the parameter's name. */
export const appliedParameter = (name: string): string =>
  `(CASE WHEN ${name} = ANY (t.inapplicable) THEN NULL ELSE t.parameters -> ${name} END)`;
