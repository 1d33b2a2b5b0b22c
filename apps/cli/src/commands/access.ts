import { MemberRole, Role, TokenScope, type AuditEntry, type Project, type Token } from "@basin/contracts";
import { call } from "../api-calls";
import { CommandFailed, exitCodes } from "../exit";
import { Output } from "../output";
import { apiOrigin } from "../settings";
import { confirmed } from "../terminal/confirm";
import { styleFor } from "../terminal/style";
import { tableLines } from "../terminal/table";
import type { JsonFlag } from "./sweep";

const day = (time: string | null): string => time?.slice(0, 16).replace("T", " ") ?? "";

interface TokenFlags extends JsonFlag {
  role: string;
  project?: string;
  scope: string;
  pool?: string;
  days?: number;
}

export async function makeToken(name: string, { json, role, scope, days, ...where }: TokenFlags): Promise<void> {
  const output = new Output(json ?? false);
  const body = {
    name,
    role: Role.parse(role),
    scope: TokenScope.parse(scope),
    ...where,
    ...(days === undefined ? {} : { expiresInDays: days }),
  };
  const token = await call(apiOrigin(), "createToken", { body });
  output.result(token, () => [token.secret, "", `The token of ${name} (${wordsOf(token)}). It is shown only now.`]);
}

function wordsOf({ role, project, scope, pool }: Token): string {
  const of = pool === null ? (project ?? "all projects") : `pool ${pool}${project === null ? "" : ` of ${project}`}`;
  return `${role}, ${of}${scope === "read" ? ", only reads" : ""}`;
}

const standing = ({ revokedAt, expiresAt }: Token): string =>
  revokedAt !== null ? `revoked ${day(revokedAt)}` : expiresAt === null ? "" : `until ${day(expiresAt)}`;

export async function listTokens(flags: JsonFlag): Promise<void> {
  const output = new Output(flags.json ?? false);
  const { items } = await call(apiOrigin(), "listTokens", {});
  const titles = ["id", "name", "what it may", "kind", "made", "last used", ""].map((title) => ({ title }));
  const rows = items.map((one) => [
    one.id,
    one.name,
    wordsOf(one),
    one.kind,
    day(one.createdAt),
    day(one.lastUsedAt),
    standing(one),
  ]);
  output.result(items, () => tableLines(titles, rows, { titleStyle: styleFor(output.people).dim }));
}

/** By its id, or by the first digits of it. */
export async function revokeToken(id: string, flags: JsonFlag & { yes?: boolean }): Promise<void> {
  const output = new Output(flags.json ?? false);
  const { items } = await call(apiOrigin(), "listTokens", {});
  const [token, another] = items.filter((one) => one.id.startsWith(id));
  if (!token || another)
    throw new CommandFailed(exitCodes.badInput, `${id} names ${token ? "several tokens" : "no token"}: see \`basin token list\``);
  await confirmed(`Revoke the ${token.kind} of ${token.name} (${wordsOf(token)}) for good?`, flags);
  const revoked = await call(apiOrigin(), "revokeToken", { params: { token: token.id } });
  output.result(revoked, () => [`The ${token.kind} of ${token.name} is no longer accepted.`]);
}

export interface ProjectFlags extends JsonFlag {
  storedBytes?: number | null;
  pool?: string;
}

const limit = (value: number | null): string => (value === null ? "no limit" : String(value));

function projectLines(project: Project): string[] {
  const { name, storedBytes, pool, used, members } = project;
  return [
    `${name}: ${used.sweeps} sweeps; ${used.running} runs train; ${used.storedBytes} bytes of ${limit(storedBytes)}; pool ${pool}`,
    ...members.map(({ person, role }) => `  ${person}: ${role}`),
  ];
}

const told = (project: Project, { json }: JsonFlag): void =>
  new Output(json ?? false).result(project, () => projectLines(project));

const settingsOf = ({ storedBytes, pool }: ProjectFlags) =>
  Object.fromEntries(Object.entries({ storedBytes, pool }).filter(([, value]) => value !== undefined));

export async function listProjects(flags: JsonFlag): Promise<void> {
  const { items } = await call(apiOrigin(), "listProjects", {});
  new Output(flags.json ?? false).result(items, () => items.flatMap(projectLines));
}

export async function makeProject(name: string, flags: ProjectFlags): Promise<void> {
  told(await call(apiOrigin(), "createProject", { body: { name, ...settingsOf(flags) } }), flags);
}

export async function changeProject(project: string, flags: ProjectFlags): Promise<void> {
  told(await call(apiOrigin(), "changeProject", { params: { project }, body: settingsOf(flags) }), flags);
}

export async function addMember(project: string, person: string, flags: JsonFlag & { role: string }): Promise<void> {
  const body = { role: MemberRole.parse(flags.role) };
  told(await call(apiOrigin(), "putMember", { params: { project, person }, body }), flags);
}

export async function removeMember(project: string, person: string, flags: JsonFlag): Promise<void> {
  told(await call(apiOrigin(), "removeMember", { params: { project, person } }), flags);
}

interface AuditFlags extends JsonFlag {
  who?: string;
  what?: string;
  project?: string;
  search?: string;
  from?: string;
  to?: string;
  limit: number;
}

const auditRow = ({ at, who, role, project, what, target, status, address }: AuditEntry): string[] => [
  at.slice(0, 19).replace("T", " "),
  who ?? "?",
  role ?? "",
  project ?? "",
  what,
  String(status),
  address,
  target,
];

export async function audit({ json, limit, ...filter }: AuditFlags): Promise<void> {
  const output = new Output(json ?? false);
  const { items, next } = await call(apiOrigin(), "listAudit", { query: { ...filter, limit } });
  const titles = ["when", "who", "role", "project", "what", "answer", "from", "path"].map((title) => ({ title }));
  output.result(items, () => [
    ...tableLines(titles, items.map(auditRow), { titleStyle: styleFor(output.people).dim }),
    ...(next === null ? [] : ["… more: --limit, --to"]),
  ]);
}
