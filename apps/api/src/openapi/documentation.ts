import type { INestApplication } from "@nestjs/common";
import { SwaggerModule, type OpenAPIObject } from "@nestjs/swagger";
import { apiVersion } from "./api-version";
import { openApiDocument } from "./openapi-document";

/** Swagger UI at /api/docs, from files of its package: nothing is loaded from elsewhere. Call it before the application listens. */
export function setUpDocumentation(application: INestApplication): void {
  SwaggerModule.setup("api/docs", application, () => openApiDocument(apiVersion) as OpenAPIObject, {
    raw: false,
    customSiteTitle: "Basin API",
    swaggerOptions: { docExpansion: "list", tryItOutEnabled: true, validatorUrl: null },
  });
}
