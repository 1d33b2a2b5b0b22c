import type { NestFastifyApplication } from "@nestjs/platform-fastify";
import { SwaggerModule, type OpenAPIObject } from "@nestjs/swagger";
import type { Env } from "../platform/env";
import { ENV } from "../platform/injection-keys";
import { apiVersion } from "./api-version";
import { openApiDocument } from "./openapi-document";

const page = "/api/docs";

/** Swagger UI at /api/docs, from files of its package: nothing is loaded from elsewhere. Call it before the application listens. */
export function setUpDocumentation(application: NestFastifyApplication): void {
  // Its page and files are routes of Fastify alone, which no controller names.
  application
    .getHttpAdapter()
    .getInstance()
    .addHook("onRoute", (route) => {
      if (route.url === page || route.url.startsWith(`${page}/`)) route.config = { ...route.config, operation: "docs" };
    });
  SwaggerModule.setup(
    page,
    application,
    () => openApiDocument(apiVersion, application.get<Env>(ENV, { strict: false }).auth) as unknown as OpenAPIObject,
    {
      raw: false,
      customSiteTitle: "Basin API",
      swaggerOptions: { docExpansion: "list", tryItOutEnabled: true, validatorUrl: null },
    },
  );
}
