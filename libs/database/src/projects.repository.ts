import type { MemberRole, Project } from "@basin/contracts";
import type { Database } from "./connection";
import { bool, float8, int4, int8, json, nullable, text, timestamptz } from "./sql-types";
import { statement } from "./statement";

export interface ProjectSettings {
  storedBytes?: number | null | undefined;
  pool?: string | undefined;
}

/** Bytes that a project holds: its datasets, and the artifacts of its sweeps' runs. */
const storedBytesSql = (
  project: string,
): string => `(SELECT coalesce(sum(d.bytes), 0)::float8 FROM project_dataset pd JOIN dataset d ON d.id = pd.dataset_id
      WHERE pd.project = ${project})
    + (SELECT coalesce(sum(a.bytes), 0)::float8 FROM sweep s JOIN run r ON r.sweep_id = s.id JOIN artifact a ON a.run_id = r.id
      WHERE s.project = ${project})`;

const projects = statement({
  text: `SELECT p.name, p.stored_bytes AS "storedBytes", p.pool, p.created_at AS "createdAt",
      (SELECT coalesce(json_agg(json_build_object('person', m.person, 'role', m.role, 'since', m.created_at) ORDER BY m.person), '[]')
        FROM project_member m WHERE m.project = p.name) AS members,
      (SELECT coalesce(sum(s.running), 0)::int FROM sweep s WHERE s.project = p.name AND s.running > 0) AS running,
      (SELECT count(*)::int FROM sweep s WHERE s.project = p.name) AS sweeps,
      ${storedBytesSql("p.name")} AS stored
    FROM project p WHERE $1::text IS NULL OR p.name = $1 ORDER BY p.name LIMIT 1000`,
  parameters: [nullable(text)],
  row: {
    name: text,
    storedBytes: nullable(float8),
    pool: text,
    createdAt: timestamptz,
    members: json<{ person: string; role: MemberRole; since: string }[]>(),
    running: int4,
    sweeps: int4,
    stored: float8,
  },
});

const createProject = statement({
  text: `INSERT INTO project (name, stored_bytes, pool) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`,
  parameters: [text, nullable(float8), text],
});

const changeProject = statement({
  text: `UPDATE project SET stored_bytes = CASE WHEN $2::bool THEN $3::float8 ELSE stored_bytes END,
      pool = coalesce($4, pool) WHERE name = $1`,
  parameters: [text, bool, nullable(float8), nullable(text)],
});

const putMember = statement({
  text: `INSERT INTO project_member (project, person, role) SELECT p.name, $2, $3 FROM project p WHERE p.name = $1
    ON CONFLICT (project, person) DO UPDATE SET role = excluded.role`,
  parameters: [text, text, text],
});

const removeMember = statement({
  text: "DELETE FROM project_member WHERE project = $1 AND person = $2",
  parameters: [text, text],
});

const memberRole = statement({
  text: "SELECT project, role FROM project_member WHERE person = $1 ORDER BY project LIMIT $2",
  parameters: [text, int8],
  row: { project: text, role: text },
});

const room = statement({
  text: `SELECT p.pool, p.stored_bytes AS "storedBytes",
      CASE WHEN p.stored_bytes IS NULL THEN 0 ELSE ${storedBytesSql("p.name")} END AS stored FROM project p WHERE p.name = $1`,
  parameters: [text],
  row: { pool: text, storedBytes: nullable(float8), stored: float8 },
});

/** Projects, who is in them, and what they may take. */
export class ProjectsRepository {
  constructor(private readonly database: Database) {}

  /** By name; all, or the one. */
  async list(name: string | null = null): Promise<Project[]> {
    const { rows } = await this.database.query(projects(name));
    return rows.map(({ running, sweeps, stored, createdAt, members, ...project }) => ({
      ...project,
      members: members.map((member) => ({ ...member, since: new Date(member.since).toISOString() })),
      used: { running, storedBytes: stored, sweeps },
      createdAt: createdAt.toISOString(),
    }));
  }

  /** False: there is one of that name. */
  async create(name: string, { storedBytes, pool }: ProjectSettings): Promise<boolean> {
    const { rowCount } = await this.database.query(createProject(name, storedBytes ?? null, pool ?? "default"));
    return rowCount === 1;
  }

  /** False: there is none. */
  async change(name: string, { storedBytes, pool }: ProjectSettings): Promise<boolean> {
    const { rowCount } = await this.database.query(
      changeProject(name, storedBytes !== undefined, storedBytes ?? null, pool ?? null),
    );
    return rowCount === 1;
  }

  /** False: there is no such project. */
  async putMember(project: string, person: string, role: MemberRole): Promise<boolean> {
    const { rowCount } = await this.database.query(putMember(project, person, role));
    return rowCount === 1;
  }

  /** False: they were none. */
  async removeMember(project: string, person: string): Promise<boolean> {
    const { rowCount } = await this.database.query(removeMember(project, person));
    return rowCount === 1;
  }

  /** Projects that a person is in, by name. */
  async of(person: string): Promise<{ project: string; role: MemberRole }[]> {
    const { rows } = await this.database.query(memberRole(person, 1000));
    return rows as { project: string; role: MemberRole }[];
  }

  /** What a project holds of what it may, and its pool; null: there is no such project. Without a limit nothing is counted. */
  async room(project: string): Promise<{ pool: string; storedBytes: number | null; stored: number } | null> {
    const { rows } = await this.database.query(room(project));
    return rows[0] ?? null;
  }
}
