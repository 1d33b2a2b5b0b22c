import {
  ArtifactKind,
  AttemptState,
  RunState,
  SweepState,
  type BuildId,
  type RunId,
  type SweepId,
  type TrainerId,
} from "@basin/contracts";

/**
 * What a parameter or a column is: its type in PostgreSQL, and in TypeScript as it is read (`Out`) and as it is given (`In`).
 * `statements.int.spec.ts` holds the first against the migrated schema, the compiler the second against the code.
 */
export interface SqlType<Out = unknown, In = Out> {
  /** As `regtype` spells it. */
  readonly name: string;
  readonly nullable: boolean;
  /** A column that the table allows to be null and this statement does not: its WHERE says so. */
  readonly present?: boolean;
  /** Of an enum: all of its values. */
  readonly values?: readonly string[];
  /** For the compiler alone. */
  readonly out?: Out;
  readonly in?: In;
}

export type OutOf<T> = T extends SqlType<infer Out, infer _> ? Out : never;
export type InOf<T> = T extends SqlType<infer _, infer In> ? In : never;

const typeOf = <Out, In = Out>(name: string): SqlType<Out, In> => ({ name, nullable: false });
const enumOf = <T extends string>(name: string, values: readonly T[]): SqlType<T> => ({ name, nullable: false, values });

export const int4 = typeOf<number>("integer");
/** The columns that count a sweep's runs by state. */
export const runCounts = {
  pending: int4,
  queued: int4,
  running: int4,
  succeeded: int4,
  diverged: int4,
  failed: int4,
  cancelled: int4,
  pruned: int4,
};
/** Read as text: it may be more than a number holds. */
export const int8 = typeOf<string, string | number>("bigint");
export const xid8 = typeOf<string>("xid8");
export const float8 = typeOf<number>("double precision");
export const bool = typeOf<boolean>("boolean");
export const timestamptz = typeOf<Date, Date | string>("timestamp with time zone");
export const bytea = typeOf<Buffer>("bytea");
export const text = typeOf<string>("text");
/** A text of which the ledger holds no others than these. */
export const textOf = <T extends string>(): SqlType<T, string> => typeOf("text");
export const uuid = typeOf<string>("uuid");
/** Read as what was stored, whose shape PostgreSQL does not know; given as JSON text. */
export const jsonb = <T>(): SqlType<T, string> => typeOf("jsonb");
export const json = <T>(): SqlType<T, string> => typeOf("json");

// Ids are checked where they enter the process; as parameters any text will do.
export const runId: SqlType<RunId, string> = typeOf("text");
export const sweepId: SqlType<SweepId, string> = typeOf("text");
export const trainerId: SqlType<TrainerId, string> = typeOf("text");
export const buildId: SqlType<BuildId, string> = typeOf("text");

export const runState = enumOf("run_state", RunState.options);
export const sweepState = enumOf("sweep_state", SweepState.options);
export const attemptState = enumOf("attempt_state", AttemptState.options);
export const artifactKind = enumOf("artifact_kind", ArtifactKind.options);

export const nullable = <Out, In>(type: SqlType<Out, In>): SqlType<Out | null, In | null> => ({ ...type, nullable: true });
/** See `present` of SqlType. */
export const present = <Out, In>(type: SqlType<Out, In>): SqlType<Out, In> => ({ ...type, present: true });
/** An array whose elements are not null. */
export const listOf = <Out, In>(type: SqlType<Out, In>): SqlType<Out[], readonly In[]> => ({
  name: `${type.name}[]`,
  nullable: false,
  ...(type.values ? { values: type.values } : {}),
});
/** An array as a parameter, some of whose elements are null. */
export const sparseListOf = <Out, In>(type: SqlType<Out, In>): SqlType<(Out | null)[], readonly (In | null)[]> =>
  listOf<Out | null, In | null>(type);
/** An array as a parameter in PostgreSQL's binary form, as `binary-arrays.ts` writes it. */
export const packed = (type: SqlType<number>): SqlType<Buffer> => typeOf(`${type.name}[]`);
