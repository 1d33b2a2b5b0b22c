import { z } from "zod";

/**
 * What the bearer of a token may do. `viewer` reads what is of its project; `member` submits there, too, and steers what is its own; `admin`
 * reads and steers everything; `trainer` trains the runs of a pool and reads nothing else.
 */
export const Role = z.enum(["viewer", "member", "admin", "trainer"]);
export type Role = z.infer<typeof Role>;

/** Of a person in a project. */
export const MemberRole = z.enum(["viewer", "member"]);
export type MemberRole = z.infer<typeof MemberRole>;

/** What a route asks for; `public`: nothing, not even a token. */
export type RouteRole = Role | "public";

/** Whose tokens a route takes. A member may train runs as well: of the sweeps that are its own. */
const accepted: Record<RouteRole, readonly Role[]> = {
  public: ["viewer", "member", "admin", "trainer"],
  viewer: ["viewer", "member", "admin"],
  member: ["member", "admin"],
  admin: ["admin"],
  trainer: ["trainer", "member", "admin"],
};

/** `read`: changes nothing, whatever the role allows. */
export const TokenScope = z.enum(["all", "read"]);
export type TokenScope = z.infer<typeof TokenScope>;

interface Asked {
  role: RouteRole;
  method: string;
  trainers?: boolean;
  reads?: boolean;
}

/** Whether a route changes nothing. */
export const isReading = ({ method, reads }: Pick<Asked, "method" | "reads">): boolean => method === "GET" || reads === true;

/** Which tokens a route takes, as far as role and scope decide. */
export function mayAsk(route: Asked, { role, scope }: { role: Role; scope: TokenScope }): boolean {
  const taken = accepted[route.role].includes(role) || (route.trainers === true && role === "trainer");
  return taken && (scope === "all" || route.role === "public" || isReading(route));
}

/** Roles that a route takes, for people and for the document. */
export const rolesOf = (route: Pick<Asked, "role" | "trainers">): readonly Role[] =>
  Role.options.filter((role) => accepted[route.role].includes(role) || (route.trainers === true && role === "trainer"));
