import { apiPrefix } from "@basin/contracts";
import { Controller, Get, Header } from "@nestjs/common";
import { Operation } from "../http/operation";
import { apiVersion } from "./api-version";
import { openApiDocument, type OpenApiDocument } from "./openapi-document";

@Controller(apiPrefix)
export class OpenApiController {
  private document: OpenApiDocument | undefined;

  @Get("openapi.json")
  @Operation("openapi")
  @Header("cache-control", "no-cache")
  read(): OpenApiDocument {
    this.document ??= openApiDocument(apiVersion);
    return this.document;
  }
}
