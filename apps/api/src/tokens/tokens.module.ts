import { Module } from "@nestjs/common";
import { APP_GUARD } from "@nestjs/core";
import { TokenGuard } from "./token.guard";
import { TokensController } from "./tokens.controller";
import { TokensService } from "./tokens.service";

@Module({ controllers: [TokensController], providers: [TokensService, { provide: APP_GUARD, useClass: TokenGuard }] })
export class TokensModule {}
