import type { AnswerOf } from "@basin/contracts";
import { Controller, Inject } from "@nestjs/common";
import { HttpRoute, type RouteInput } from "../http/route-binding";
import { ProjectsService } from "./projects.service";

@Controller()
export class ProjectsController {
  constructor(@Inject(ProjectsService) private readonly projects: ProjectsService) {}

  @HttpRoute("listProjects")
  listProjects({ asker }: RouteInput<"listProjects">): Promise<AnswerOf<"listProjects">> {
    return this.projects.list(asker);
  }

  @HttpRoute("createProject")
  createProject({ body }: RouteInput<"createProject">): Promise<AnswerOf<"createProject">> {
    return this.projects.create(body);
  }

  @HttpRoute("changeProject")
  changeProject({ params, body }: RouteInput<"changeProject">): Promise<AnswerOf<"changeProject">> {
    return this.projects.change(params.project, body);
  }

  @HttpRoute("putMember")
  putMember({ params, body }: RouteInput<"putMember">): Promise<AnswerOf<"putMember">> {
    return this.projects.putMember(params.project, params.person, body.role);
  }

  @HttpRoute("removeMember")
  removeMember({ params }: RouteInput<"removeMember">): Promise<AnswerOf<"removeMember">> {
    return this.projects.removeMember(params.project, params.person);
  }
}
