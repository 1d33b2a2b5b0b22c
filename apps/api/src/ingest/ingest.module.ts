import { Module } from "@nestjs/common";
import { DeadLetterKeeper } from "./dead-letter-keeper";
import { IngestService } from "./ingest.service";

/** Telemetry and dead letters into the ledger. */
@Module({ providers: [DeadLetterKeeper, IngestService], exports: [DeadLetterKeeper, IngestService] })
export class IngestModule {}
