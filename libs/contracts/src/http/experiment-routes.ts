import { z } from "zod";
import { ExperimentDescriptor } from "../catalog";
import { ExternalExperiment } from "../external-experiment";
import { ExperimentId, ExperimentRef } from "../sweep";
import { define } from "./route";

const experimentParams = z.object({ experiment: ExperimentId });

/** A version of an experiment from outside. */
const ExperimentVersion = z
  .object({
    ref: ExperimentRef,
    version: z.int().min(1).describe("counts from 1 in the order in which they first came"),
    newest: z.boolean().describe("what a sweep gets that names none"),
    owner: z.string().describe("name of the token that registered it, or `local`"),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: "ExperimentVersion" });

export const experimentRoutes = {
  putExperiment: define({
    role: "member",
    method: "PUT",
    path: "/experiments/:experiment",
    summary: "Register an experiment whose training code is yours; the same descriptor is the same version",
    params: experimentParams,
    body: ExternalExperiment,
    response: ExperimentDescriptor,
    statuses: [200, 201],
  }),
  listExperimentVersions: define({
    role: "viewer",
    method: "GET",
    path: "/experiments/:experiment/versions",
    summary: "Versions of an experiment from outside, newest first",
    params: experimentParams,
    response: z.object({ items: z.array(ExperimentVersion) }),
  }),
} as const;
