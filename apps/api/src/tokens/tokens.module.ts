import { Global, Module } from "@nestjs/common";
import { Reach } from "./reach.service";
import { TokensController } from "./tokens.controller";
import { TokensService } from "./tokens.service";

/** Tokens and sessions, and what their bearers see. */
@Global()
@Module({ controllers: [TokensController], providers: [TokensService, Reach], exports: [Reach] })
export class TokensModule {}
