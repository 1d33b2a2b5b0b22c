import { z } from "zod";
import { BuildId } from "../ids";
import { AppliedParameters } from "../parameters";
import { SweepRequest } from "../short-forms";
import { Budget, ExperimentId, Seed, Sweep, SweepSpec, SweepState } from "../sweep";
import { Issue } from "./error";
import { csv, define, eitherWay, flag, page, pageOf, sweepParams, type Route } from "./route";

export const SweepPreview = z
  .object({
    trials: z.number().nullable().describe("null: decided while the sweep runs"),
    runs: z.number().nullable().describe("at most as many as the budget allows"),
    race: z
      .object({ least: z.number(), most: z.number() })
      .nullable()
      .default(null)
      .describe("runs that a race gives out at least and at most; null without one, and where the number of trials is open"),
    explanation: z
      .string()
      .nullable()
      .default(null)
      .describe("how the search goes about this and why, where it chooses by space and budget"),
    seeds: z.int(),
    sample: z.array(AppliedParameters).describe("the first configurations, at most 20; null: does not apply"),
    objective: z.object({ metric: z.string(), direction: z.string() }),
    warnings: z.array(Issue).describe("what the sweep may do but hardly means, e.g. a swept parameter that changes nothing"),
  })
  .meta({ id: "SweepPreview" });
export type SweepPreview = z.infer<typeof SweepPreview>;

export const ExtendSweep = z
  .strictObject({
    seeds: z
      .union([z.int().min(1).max(100_000), z.strictObject({ list: z.array(Seed).min(1) })])
      .optional()
      .describe("more initializations for every trial: how many (the next seeds), or which"),
    trials: z.int().min(1).max(1_000_000).optional().describe("more trials, for algorithms with a trial budget (random)"),
    budget: Budget.optional().describe("in place of the sweep's budget ({}: none); runs that the old one cancelled wait again"),
  })
  .refine((e) => e.seeds !== undefined || e.trials !== undefined || e.budget !== undefined, {
    message: "give seeds, trials, a budget, or several of them",
  })
  .meta({ id: "ExtendSweep", minProperties: 1 });
export type ExtendSweep = z.infer<typeof ExtendSweep>;

const CloneSweep = z.strictObject({
  changes: z.record(z.string(), z.unknown()).default({}).describe("fields of the sweep spec to replace"),
});

export const ContinueSweep = z.strictObject({
  build: BuildId.optional().describe("default: the only other build whose trainers are there"),
});

/** Fields that say what a sweep is for; what it does cannot be changed. */
export const SweepPatch = z
  .strictObject({
    name: SweepSpec.shape.name,
    tags: SweepSpec.shape.tags.unwrap().optional(),
    notes: z.string().max(10_000).optional(),
  })
  .refine((patch) => Object.values(patch).some((value) => value !== undefined), { message: "give name, tags or notes" })
  .meta({ minProperties: 1 });
export type SweepPatch = z.infer<typeof SweepPatch>;

/** What sweeps can be sorted by. */
const sweepSortFields = ["createdAt", "name", "failed", "runs", "success", "owner"] as const;
export type SweepSortField = (typeof sweepSortFields)[number];

const Facet = z.object({ value: z.string(), sweeps: z.int() });

export const sweepRoutes = {
  previewSweep: define({
    role: "viewer",
    reads: true,
    method: "POST",
    path: "/sweeps/preview",
    summary: "Check a sweep and count its trials and runs; nothing is stored",
    body: SweepRequest,
    response: SweepPreview,
  }),
  createSweep: define({
    role: "member",
    method: "POST",
    path: "/sweeps",
    summary: "Submit a sweep",
    body: SweepRequest,
    response: Sweep,
    statuses: [201],
    once: true,
  }),
  listSweeps: define({
    role: "viewer",
    method: "GET",
    path: "/sweeps",
    summary: "Sweeps, newest first unless sorted otherwise",
    query: z.object({
      ...page,
      state: csv(SweepState).optional(),
      experiment: ExperimentId.optional(),
      tag: z.string().optional(),
      owner: z.string().max(80).optional(),
      search: z.string().max(200).optional().describe("part of the name, id, experiment, owner, a tag or the notes"),
      archived: flag
        .default(false)
        .describe("true: the archived ones, in the place of the others; what is in the bin is in no list"),
      sort: z.enum(eitherWay(sweepSortFields)).default("-createdAt"),
    }),
    response: pageOf(Sweep),
  }),
  getSweep: define({
    role: "viewer",
    method: "GET",
    path: "/sweeps/:sweep",
    summary: "One sweep",
    params: sweepParams,
    response: Sweep,
  }),
  patchSweep: define({
    role: "member",
    steers: true,
    method: "PATCH",
    path: "/sweeps/:sweep",
    summary: "Change name, tags or notes",
    params: sweepParams,
    body: SweepPatch,
    response: Sweep,
  }),
  sweepFacets: define({
    role: "viewer",
    method: "GET",
    path: "/sweeps/facets",
    summary: "Tags, owners and experiments there are, with the number of sweeps of each",
    response: z.object({
      tags: z.array(Facet),
      owners: z.array(Facet),
      experiments: z.array(Facet),
    }),
  }),
  pauseSweep: define({
    role: "member",
    steers: true,
    method: "POST",
    path: "/sweeps/:sweep/pause",
    summary: "Stop dispatching; running runs are checkpointed and handed back",
    params: sweepParams,
    response: Sweep,
  }),
  resumeSweep: define({
    role: "member",
    steers: true,
    method: "POST",
    path: "/sweeps/:sweep/resume",
    summary: "Continue a paused sweep",
    params: sweepParams,
    response: Sweep,
  }),
  cancelSweep: define({
    role: "member",
    steers: true,
    method: "POST",
    path: "/sweeps/:sweep/cancel",
    summary: "Stop for good; finished runs stay",
    params: sweepParams,
    response: Sweep,
  }),
  continueSweep: define({
    role: "member",
    steers: true,
    method: "POST",
    path: "/sweeps/:sweep/continue",
    summary: "Give what is left of a sweep to trainers of another build; every run says which trained it",
    params: sweepParams,
    body: ContinueSweep,
    response: Sweep,
  }),
  archiveSweep: define({
    role: "member",
    steers: true,
    method: "POST",
    path: "/sweeps/:sweep/archive",
    summary: "Leave a sweep that is not running out of lists",
    params: sweepParams,
    response: Sweep,
  }),
  unarchiveSweep: define({
    role: "member",
    steers: true,
    method: "POST",
    path: "/sweeps/:sweep/unarchive",
    summary: "Show an archived sweep in lists again",
    params: sweepParams,
    response: Sweep,
  }),
  deleteSweep: define({
    role: "member",
    steers: true,
    method: "DELETE",
    path: "/sweeps/:sweep",
    summary: "Put a sweep that has ended into the bin; its rows and artifacts go when its time there is over",
    params: sweepParams,
    response: Sweep,
  }),
  restoreSweep: define({
    role: "member",
    steers: true,
    method: "POST",
    path: "/sweeps/:sweep/restore",
    summary: "Take a sweep out of the bin, with the datasets that it names",
    params: sweepParams,
    response: Sweep,
  }),
  retryFailed: define({
    role: "member",
    steers: true,
    method: "POST",
    path: "/sweeps/:sweep/retry-failed",
    summary: "Give every failed run a fresh retry budget",
    params: sweepParams,
    response: Sweep,
  }),
  extendSweep: define({
    role: "member",
    steers: true,
    method: "POST",
    path: "/sweeps/:sweep/extend",
    summary: "Add initializations or trials",
    params: sweepParams,
    body: ExtendSweep,
    response: Sweep,
    once: true,
  }),
  cloneSweep: define({
    role: "member",
    method: "POST",
    path: "/sweeps/:sweep/clone",
    summary: "Submit the same spec again, with changes",
    params: sweepParams,
    body: CloneSweep,
    response: Sweep,
    statuses: [201],
    once: true,
  }),
} as const satisfies Record<string, Route>;
