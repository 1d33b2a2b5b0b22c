import { MemberRole, routes, type Role, type Route, type RouteName } from "@basin/contracts";
import { seedSweep, type Harness } from "../http/http-harness.testing";
import { newSecret } from "./token-secrets";

/** What paths name, of each of two projects. */
export const things = {
  ours: {
    sweep: "wavessss",
    run: "wavessss-0-0",
    artifact: "00000000-0000-4000-8000-0000000000a1",
    dataset: "a".repeat(64),
    worker: "waves-worker",
  },
  theirs: {
    sweep: "thatpart",
    run: "thatpart-0-0",
    artifact: "00000000-0000-4000-8000-0000000000b1",
    dataset: "b".repeat(64),
    worker: "other-worker",
  },
};
export type Side = keyof typeof things;

export interface Bearer {
  name: string;
  /** What the declaration judges by; null: no token that counts. */
  role: Role | null;
  scope: "all" | "read";
  /** Owns what is `ours`. */
  owner: boolean;
  /** Of a trainer: whether it is for the pool of what is ours. */
  pool: boolean;
  headers: Record<string, string>;
}

/**
 * Two projects with a sweep, a run, an artifact, a dataset and a worker each, and everybody who might ask: of every role and scope, with a token that
 * expired, was revoked, or whose bearer left the project, with a wrong one and with none.
 */
export async function everyone(api: Harness): Promise<Bearer[]> {
  await api.sql("INSERT INTO project (name) VALUES ('waves'), ('other')");
  const sides: [Side, string, string][] = [
    ["ours", "waves", "mia"],
    ["theirs", "other", "otto"],
  ];
  const people: Bearer[] = [];
  const add = async (
    name: string,
    token: {
      person?: string;
      role: Role;
      project?: string | null;
      scope?: "all" | "read";
      pool?: string;
      expires?: string;
      revoked?: boolean;
    },
    told: Partial<Bearer> = {},
  ): Promise<string> => {
    const { id, secret, hash } = newSecret();
    const { person = name, role, project = "waves", scope = "all", pool = null } = token;
    if (project !== null && MemberRole.safeParse(role).success && told.role !== null)
      await api.sql("INSERT INTO project_member (project, person, role) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING", [
        project,
        person,
        role,
      ]);
    await api.sql(
      `INSERT INTO token (id, name, hash, role, project, scope, pool, expires_at, revoked_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8::timestamptz, CASE WHEN $9 THEN now() END)`,
      [id, person, hash, role, project, scope, pool, token.expires ?? null, token.revoked === true],
    );
    const base = { name, role, scope, owner: false, pool: false, headers: { authorization: `Bearer ${secret}` } };
    people.push({ ...base, ...told });
    return id;
  };
  const nobody: Partial<Bearer> = { role: null };
  const admin = { role: "admin", project: "default" } as const;
  await add("an admin", admin);
  await add("an admin who only reads", { ...admin, scope: "read" });
  const mia = await add("the owner", { role: "member", person: "mia" }, { owner: true });
  await add("the owner who only reads", { role: "member", person: "mia", scope: "read" }, { owner: true });
  await add("another member", { role: "member", person: "max" });
  await add("a viewer", { role: "viewer", person: "vera" });
  const trainer = await add("a trainer of the pool", { role: "trainer", project: null, pool: "default" }, { pool: true });
  await add("a trainer of another pool", { role: "trainer", project: null, pool: "gpu" });
  await add("a trainer of the other project", { role: "trainer", project: "other", pool: "default" });
  await add("an expired token", { ...admin, expires: "2020-01-01" }, nobody);
  await add("a revoked token", { ...admin, revoked: true }, nobody);
  await add("who left the project", { role: "member", person: "leo" }, nobody);
  people.push({ name: "no token", role: null, scope: "all", owner: false, pool: false, headers: {} });
  const wrong = { authorization: "Bearer basin_wrong" };
  people.push({ name: "a wrong token", role: null, scope: "all", owner: false, pool: false, headers: wrong });

  for (const [side, project, owner] of sides) {
    const { sweep, run, artifact, dataset, worker } = things[side];
    await seedSweep(api, { id: sweep, trials: [{ parameters: {}, runs: [{ objective: 1 }] }] });
    await api.sql("UPDATE sweep SET project = $2, owner = $3 WHERE id = $1", [sweep, project, owner]);
    await api.sql(
      `INSERT INTO artifact (id, run_id, attempt, name, kind, media_type, bytes, sha256, content) VALUES ($1, $2, 1, 'w', 'weights', 'text/plain', 1, 'x', 'x')`,
      [artifact, run],
    );
    await api.sql(
      `INSERT INTO dataset (id, name, facts, preview, bytes, content_bytes, content_sha256)
       VALUES ($1, 'd.csv', '{"format":"csv","rows":1,"delimiter":",","decimal":".","columns":[],"arrays":[],"missing":{"count":0,"first":[]}}', '[]', 1, 1, 'x')`,
      [dataset],
    );
    await api.sql("INSERT INTO dataset_part (dataset_id, kind, part, content) VALUES ($1, 'file', 0, 'x')", [dataset]);
    await api.sql("INSERT INTO project_dataset (project, dataset_id, name, owner) VALUES ($1, $2, 'd.csv', $3)", [
      project,
      dataset,
      owner,
    ]);
    await api.sql(
      `INSERT INTO trainer (id, name, pool, backend, backend_reason, device, slots, version, host, pid, experiments, token_id)
       VALUES ($1, $1, 'default', 'outside', '', '', 1, 'v', 'h', 1, '{}', $2)`,
      [worker, side === "ours" ? mia : trainer],
    );
  }
  return people;
}

const others: Record<string, string> = {
  experiment: "loss-minimization",
  token: "00000000-0000-4000-8000-000000000000",
  plot: "p",
  attempt: "1",
  project: "waves",
  person: "nobody",
  trainer: "nobody",
};

const parts = (side: Side): Record<string, string> => ({ ...others, ...things[side] });

/** Path of a route with things of one of the projects in it. */
export const pathOf = (name: RouteName, side: Side): string =>
  `/api/v1${routes[name].path.replaceAll(/:([a-z]+)/gi, (_, key: string) => parts(side)[key] ?? "x")}`;

/** Names in a path that belong to a project. */
const owned = ["sweep", "run", "artifact", "dataset"];

/** Which refusal the declaration of a route asks for; null: none. */
export function refusalFor(name: RouteName, side: Side, who: Bearer): 401 | 403 | 404 | null {
  const route: Route = routes[name];
  if (route.role === "public") return null;
  if (who.role === null) return 401;
  const levels: Record<Exclude<Route["role"], "public">, readonly Role[]> = {
    viewer: ["viewer", "member", "admin"],
    member: ["member", "admin"],
    admin: ["admin"],
    trainer: ["trainer", "member", "admin"],
  };
  if (!levels[route.role].includes(who.role) && !(route.trainers === true && who.role === "trainer")) return 403;
  if (who.scope === "read" && route.method !== "GET" && route.reads !== true) return 403;
  if (who.role === "admin") return null;
  const parts = [...route.path.matchAll(/:([a-z]+)/gi)].flatMap(([, key]) => key ?? []);
  const named = parts.some((key) => owned.includes(key));
  if (who.role === "trainer") {
    // Workers answer to the token that they registered with: of the other project's to the trainer of the pool.
    if (named && !(who.pool || (who.name.includes("other project") && side === "theirs"))) return 404;
    return parts.includes("worker") && !(who.pool && side === "theirs") ? 404 : null;
  }
  if (named && side === "theirs") return 404;
  if (named && !who.owner && (route.steers === true || route.role === "trainer")) return 403;
  // The worker of ours registered with the owner's own token; not with another of theirs.
  return parts.includes("worker") && !(who.name === "the owner" && side === "ours") ? 404 : null;
}
