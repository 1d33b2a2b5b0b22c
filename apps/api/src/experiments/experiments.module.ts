import { Global, Module } from "@nestjs/common";
import { ExperimentVersions } from "./experiment-versions.service";
import { ExperimentsController } from "./experiments.controller";

/** Experiments whose training code is not Basin's, for whatever needs to find one. */
@Global()
@Module({ providers: [ExperimentVersions], exports: [ExperimentVersions] })
export class ExperimentsCoreModule {}

@Module({ controllers: [ExperimentsController] })
export class ExperimentsModule {}
