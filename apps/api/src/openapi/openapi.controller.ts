import { apiPrefix } from "@basin/contracts";
import { Controller, Get, Header, Inject } from "@nestjs/common";
import { Operation } from "../http/operation";
import type { Env } from "../platform/env";
import { ENV } from "../platform/injection-keys";
import { apiVersion } from "./api-version";
import { openApiDocument, type OpenApiDocument } from "./openapi-document";

@Controller(apiPrefix)
export class OpenApiController {
  private document: OpenApiDocument | undefined;

  constructor(@Inject(ENV) private readonly env: Env) {}

  @Get("openapi.json")
  @Operation("openapi")
  @Header("cache-control", "no-cache")
  read(): OpenApiDocument {
    this.document ??= openApiDocument(apiVersion, this.env.auth);
    return this.document;
  }
}
