import { z } from "zod";
import { PoolName } from "../ids";
import { storableText } from "../storable-text";
import { MemberRole, Role } from "./roles";
import { define, page, pageOf, whole } from "./route";

/** The project of everything that was made before there were projects, and of who names none. */
export const defaultProject = "default";

export const ProjectName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,39}$/, "a project's name is lower case: letters, digits and -, at most 40, the first a letter");

/** Of a person, a team or a machine, as it stands on tokens and on what they own. */
export const PersonName = storableText(80).trim().min(1);

const limits = {
  storedBytes: z
    .int()
    .min(1)
    .nullable()
    .describe(
      "of datasets and artifacts; from there on no sweep is submitted, extended or continued on another build, and no dataset uploaded beyond it; what was submitted trains on; null: no limit",
    ),
  pool: PoolName.describe("of sweeps, and of workers from outside, that name none"),
};

const Member = z.object({ person: z.string(), role: MemberRole, since: z.iso.datetime() });

export const Project = z
  .object({
    name: ProjectName,
    ...limits,
    members: z.array(Member),
    used: z.object({
      running: z.int().describe("runs that train now"),
      storedBytes: z.number().describe("bytes of datasets and artifacts, with what is in the bin"),
      sweeps: z.int(),
    }),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: "Project" });
export type Project = z.infer<typeof Project>;

const settings = {
  storedBytes: limits.storedBytes.optional(),
  pool: limits.pool.optional(),
};
const projectParams = z.object({ project: ProjectName });
const memberParams = projectParams.extend({ person: PersonName });

export const AuditEntry = z
  .object({
    id: z.string(),
    at: z.iso.datetime(),
    who: z.string().nullable().describe("name of the token; null: it had none that counts"),
    role: Role.nullable(),
    project: z.string().nullable().describe("of the token"),
    what: z.string().describe("name of the operation, as in the OpenAPI document"),
    target: z.string().describe("method and path"),
    status: z.int().describe("of the answer"),
    address: z.string().describe("from where"),
  })
  .meta({ id: "AuditEntry" });
export type AuditEntry = z.infer<typeof AuditEntry>;

export const projectRoutes = {
  listProjects: define({
    method: "GET",
    path: "/projects",
    summary: "Projects: all for an admin, one's own for others",
    role: "viewer",
    response: z.object({ items: z.array(Project) }),
  }),
  createProject: define({
    method: "POST",
    path: "/projects",
    summary: "Make a project",
    role: "admin",
    body: z.strictObject({ name: ProjectName, ...settings }),
    response: Project,
    statuses: [201],
    errors: [409],
  }),
  changeProject: define({
    method: "PATCH",
    path: "/projects/:project",
    summary: "Change what a project may store, or its pool",
    role: "admin",
    params: projectParams,
    body: z
      .strictObject(settings)
      .refine((change) => Object.values(change).some((value) => value !== undefined), {
        message: "give storedBytes or pool",
      })
      .meta({ minProperties: 1 }),
    response: Project,
  }),
  putMember: define({
    method: "PUT",
    path: "/projects/:project/members/:person",
    summary: "Take a person into a project, or give them another role there",
    role: "admin",
    params: memberParams,
    body: z.strictObject({ role: MemberRole }),
    response: Project,
  }),
  removeMember: define({
    method: "DELETE",
    path: "/projects/:project/members/:person",
    summary: "A person's tokens of this project are not accepted any more",
    role: "admin",
    params: memberParams,
    response: Project,
  }),
  listAudit: define({
    method: "GET",
    path: "/audit",
    summary: "Who changed what, when and from where, newest first",
    role: "admin",
    query: z.object({
      ...page,
      who: z.string().max(80).optional(),
      what: z.string().max(80).optional().describe("name of an operation"),
      project: ProjectName.optional(),
      search: z.string().max(200).optional().describe("part of the path or of the address"),
      from: z.iso.datetime().optional(),
      to: z.iso.datetime().optional(),
      status: whole(100, 599).optional(),
    }),
    response: pageOf(AuditEntry),
  }),
} as const;
