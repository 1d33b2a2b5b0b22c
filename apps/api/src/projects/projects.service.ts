import { type AnswerOf, type BodyOf, type MemberRole, type Project } from "@basin/contracts";
import { ProjectsRepository } from "@basin/database";
import { Inject, Injectable } from "@nestjs/common";
import { ownProject, seenProject, type Asker } from "../http/asker";
import { NotFoundError } from "../http/request-errors";
import { ConflictError } from "../platform/conflict-error";

@Injectable()
export class ProjectsService {
  constructor(@Inject(ProjectsRepository) private readonly projects: ProjectsRepository) {}

  async list(asker: Asker): Promise<AnswerOf<"listProjects">> {
    return { items: await this.projects.list(seenProject(asker)) };
  }

  /** Throws ConflictError. */
  async create({ name, ...settings }: BodyOf<"createProject">): Promise<Project> {
    if (!(await this.projects.create(name, settings)))
      throw new ConflictError(`there is a project ${name} already; PATCH /api/v1/projects/${name} changes it`);
    return this.#get(name);
  }

  /** Throws NotFoundError, as everything here. */
  async change(name: string, settings: BodyOf<"changeProject">): Promise<Project> {
    if (!(await this.projects.change(name, settings))) throw new NotFoundError("project", name);
    return this.#get(name);
  }

  async putMember(name: string, person: string, role: MemberRole): Promise<Project> {
    if (!(await this.projects.putMember(name, person, role))) throw new NotFoundError("project", name);
    return this.#get(name);
  }

  async removeMember(name: string, person: string): Promise<Project> {
    const project = await this.#get(name);
    if (!(await this.projects.removeMember(name, person))) throw new NotFoundError("member", `${person} of ${project.name}`);
    return this.#get(name);
  }

  /** Of sweeps and workers that name none. */
  async poolFor(asker: Asker): Promise<string> {
    return (await this.projects.room(ownProject(asker)))?.pool ?? "default";
  }

  /** Throws ConflictError where a project holds what it may, or has no room for a file of so many bytes. */
  async checkRoom(name: string, file: number | null = null): Promise<void> {
    const room = await this.projects.room(name);
    if (!room || room.storedBytes === null) return;
    const { stored, storedBytes: most } = room;
    if (file === null ? stored < most : stored + file <= most) return;
    const more = file === null ? "" : `, this file has ${file}`;
    throw new ConflictError(
      `the project ${name} holds ${stored} bytes of datasets and artifacts${more}, and may hold ${most}: remove sweeps or datasets of it for good (what is in the bin counts), or have an admin raise its storedBytes`,
    );
  }

  async #get(name: string): Promise<Project> {
    const [project] = await this.projects.list(name);
    if (!project) throw new NotFoundError("project", name);
    return project;
  }
}
