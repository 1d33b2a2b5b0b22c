-- The ledger. Constraint and index names are Prisma's own, so that `prisma migrate diff` finds nothing to do;
-- what Prisma cannot say (CHECKs, partial indexes, storage) follows each table.

CREATE TYPE "sweep_state" AS ENUM ('running', 'paused', 'completed', 'cancelled');
CREATE TYPE "run_state" AS ENUM ('pending', 'queued', 'running', 'succeeded', 'diverged', 'failed', 'cancelled');
CREATE TYPE "attempt_state" AS ENUM ('running', 'succeeded', 'diverged', 'failed', 'lost', 'handed-back', 'cancelled');
CREATE TYPE "artifact_kind" AS ENUM ('weights', 'checkpoint', 'plot', 'log', 'other');

CREATE TABLE "sweep" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "experiment" TEXT NOT NULL,
    "state" "sweep_state" NOT NULL DEFAULT 'running',
    "spec" JSONB NOT NULL,
    "objective_metric" TEXT NOT NULL,
    "minimize" BOOLEAN NOT NULL,
    "pool" TEXT NOT NULL,
    "priority" INTEGER NOT NULL,
    "tags" TEXT[] NOT NULL,
    "seeds" INTEGER[] NOT NULL,
    "trials_planned" DOUBLE PRECISION,
    "trials_created" INTEGER NOT NULL DEFAULT 0,
    "filled_trials" INTEGER NOT NULL DEFAULT 0,
    "exhausted" BOOLEAN NOT NULL DEFAULT false,
    "search_state" JSONB NOT NULL,
    "search_events" INTEGER NOT NULL DEFAULT 0,
    "pending" INTEGER NOT NULL DEFAULT 0,
    "queued" INTEGER NOT NULL DEFAULT 0,
    "running" INTEGER NOT NULL DEFAULT 0,
    "succeeded" INTEGER NOT NULL DEFAULT 0,
    "diverged" INTEGER NOT NULL DEFAULT 0,
    "failed" INTEGER NOT NULL DEFAULT 0,
    "cancelled" INTEGER NOT NULL DEFAULT 0,
    "best_run" TEXT,
    "best_value" DOUBLE PRECISION,
    "cloned_from" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "started_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),
    CONSTRAINT "sweep_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "sweep_counts_check" CHECK (
        "pending" >= 0 AND "queued" >= 0 AND "running" >= 0 AND "succeeded" >= 0
        AND "diverged" >= 0 AND "failed" >= 0 AND "cancelled" >= 0
    ),
    CONSTRAINT "sweep_trials_check" CHECK ("filled_trials" BETWEEN 0 AND "trials_created"),
    CONSTRAINT "sweep_seeds_check" CHECK (cardinality("seeds") >= 1),
    CONSTRAINT "sweep_best_check" CHECK (("best_run" IS NULL) = ("best_value" IS NULL))
);
CREATE INDEX "sweep_created_at_id_idx" ON "sweep" ("created_at" DESC, "id");
CREATE INDEX "sweep_state_pool_idx" ON "sweep" ("state", "pool");
-- Counters change with every claim and commit: room on the page keeps these updates off the indexes.
ALTER TABLE "sweep" SET (fillfactor = 30, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500);

CREATE TABLE "search_event" (
    "sweep_id" TEXT NOT NULL,
    "sequence" INTEGER NOT NULL,
    "event" JSONB NOT NULL,
    "actions" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT "search_event_pkey" PRIMARY KEY ("sweep_id", "sequence"),
    CONSTRAINT "search_event_sweep_id_fkey" FOREIGN KEY ("sweep_id") REFERENCES "sweep" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

CREATE TABLE "trial" (
    "sweep_id" TEXT NOT NULL,
    "index" INTEGER NOT NULL,
    "parameters" JSONB NOT NULL,
    "pack_key" TEXT NOT NULL,
    "runs_total" INTEGER NOT NULL,
    "runs_created" INTEGER NOT NULL DEFAULT 0,
    "runs_finished" INTEGER NOT NULL DEFAULT 0,
    "reported" BOOLEAN NOT NULL DEFAULT true,
    CONSTRAINT "trial_pkey" PRIMARY KEY ("sweep_id", "index"),
    CONSTRAINT "trial_sweep_id_fkey" FOREIGN KEY ("sweep_id") REFERENCES "sweep" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "trial_runs_check" CHECK (
        "runs_finished" >= 0 AND "runs_finished" <= "runs_created" AND "runs_created" <= "runs_total"
    )
);
CREATE INDEX "trial_unreported_idx" ON "trial" ("sweep_id", "index") WHERE NOT "reported";
ALTER TABLE "trial" SET (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05);

CREATE TABLE "run" (
    "id" TEXT NOT NULL,
    "sweep_id" TEXT NOT NULL,
    "trial_index" INTEGER NOT NULL,
    "seed_index" INTEGER NOT NULL,
    "seed" INTEGER NOT NULL,
    "state" "run_state" NOT NULL DEFAULT 'pending',
    "attempt" INTEGER NOT NULL DEFAULT 0,
    "strikes" INTEGER NOT NULL DEFAULT 0,
    "pack_key" TEXT NOT NULL,
    "pack_id" UUID,
    "trainer_id" TEXT,
    "objective" DOUBLE PRECISION,
    "metrics" JSONB,
    "steps" INTEGER,
    "reason" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "started_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),
    CONSTRAINT "run_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "run_sweep_id_fkey" FOREIGN KEY ("sweep_id") REFERENCES "sweep" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "run_attempt_check" CHECK ("attempt" >= 0 AND "strikes" >= 0),
    CONSTRAINT "run_holder_check" CHECK (("state" <> 'running') OR ("trainer_id" IS NOT NULL AND "attempt" >= 1)),
    CONSTRAINT "run_pack_check" CHECK (("state" IN ('queued', 'running')) = ("pack_id" IS NOT NULL))
);
CREATE UNIQUE INDEX "run_sweep_id_trial_index_seed_index_key" ON "run" ("sweep_id", "trial_index", "seed_index");
CREATE INDEX "run_pending_idx" ON "run" ("sweep_id", "trial_index", "seed_index") WHERE "state" = 'pending';
CREATE INDEX "run_pack_idx" ON "run" ("pack_id") WHERE "pack_id" IS NOT NULL;
CREATE INDEX "run_holder_idx" ON "run" ("trainer_id") WHERE "state" = 'running';
ALTER TABLE "run" SET (fillfactor = 60, autovacuum_vacuum_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.05);

CREATE TABLE "pack" (
    "id" UUID NOT NULL,
    "sweep_id" TEXT NOT NULL,
    "pool" TEXT NOT NULL,
    "experiment" TEXT NOT NULL,
    "width" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "published_at" TIMESTAMPTZ(3),
    "claimed_at" TIMESTAMPTZ(3),
    "voided_at" TIMESTAMPTZ(3),
    "trainer_id" TEXT,
    "sends" INTEGER NOT NULL DEFAULT 1,
    CONSTRAINT "pack_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "pack_width_check" CHECK ("width" >= 1),
    CONSTRAINT "pack_claim_check" CHECK (("claimed_at" IS NULL) = ("trainer_id" IS NULL))
);
CREATE INDEX "pack_unclaimed_idx" ON "pack" ("pool", "sweep_id") WHERE "claimed_at" IS NULL AND "voided_at" IS NULL;
ALTER TABLE "pack" SET (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05);

CREATE TABLE "attempt" (
    "run_id" TEXT NOT NULL,
    "number" INTEGER NOT NULL,
    "state" "attempt_state" NOT NULL DEFAULT 'running',
    "trainer_id" TEXT NOT NULL,
    "pack_id" UUID NOT NULL,
    "pack_width" INTEGER NOT NULL,
    "resumed_from_step" INTEGER,
    "reason" TEXT,
    "train_seconds" DOUBLE PRECISION,
    "started_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finished_at" TIMESTAMPTZ(3),
    CONSTRAINT "attempt_pkey" PRIMARY KEY ("run_id", "number"),
    CONSTRAINT "attempt_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "run" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "attempt_number_check" CHECK ("number" >= 1),
    CONSTRAINT "attempt_finished_check" CHECK (("state" = 'running') = ("finished_at" IS NULL))
);
ALTER TABLE "attempt" SET (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05);

CREATE TABLE "metric_chunk" (
    "run_id" TEXT NOT NULL,
    "attempt" INTEGER NOT NULL,
    "metric" TEXT NOT NULL,
    "chunk" INTEGER NOT NULL,
    "first_step" INTEGER NOT NULL,
    "steps" INTEGER[] NOT NULL,
    "values" DOUBLE PRECISION[] NOT NULL,
    CONSTRAINT "metric_chunk_pkey" PRIMARY KEY ("run_id", "attempt", "metric", "chunk"),
    CONSTRAINT "metric_chunk_points_check" CHECK (cardinality("steps") = cardinality("values") AND cardinality("steps") >= 1)
);
-- Floats do not shrink under pglz, and trying costs more than writing them: no compression.
ALTER TABLE "metric_chunk" ALTER COLUMN "values" SET STORAGE EXTERNAL, ALTER COLUMN "steps" SET STORAGE EXTERNAL;
ALTER TABLE "metric_chunk" SET (autovacuum_vacuum_insert_scale_factor = 0.1, autovacuum_analyze_scale_factor = 0.05);

CREATE TABLE "artifact" (
    "id" UUID NOT NULL,
    "run_id" TEXT NOT NULL,
    "attempt" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "kind" "artifact_kind" NOT NULL,
    "media_type" TEXT NOT NULL,
    "bytes" INTEGER NOT NULL,
    "sha256" TEXT NOT NULL,
    "step" INTEGER,
    "content" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT "artifact_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "artifact_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "run" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "artifact_bytes_check" CHECK (octet_length("content") = "bytes"),
    CONSTRAINT "artifact_step_check" CHECK ("kind" <> 'checkpoint' OR "step" IS NOT NULL)
);
CREATE UNIQUE INDEX "artifact_run_id_attempt_name_key" ON "artifact" ("run_id", "attempt", "name");
-- EXTERNAL lets a part be cut out without reading the whole.
ALTER TABLE "artifact" ALTER COLUMN "content" SET STORAGE EXTERNAL;

CREATE TABLE "artifact_part" (
    "run_id" TEXT NOT NULL,
    "attempt" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "sha256" TEXT NOT NULL,
    "part" INTEGER NOT NULL,
    "content" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT "artifact_part_pkey" PRIMARY KEY ("run_id", "attempt", "name", "part")
);
ALTER TABLE "artifact_part" ALTER COLUMN "content" SET STORAGE EXTERNAL;

CREATE TABLE "trainer" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "pool" TEXT NOT NULL,
    "backend" TEXT NOT NULL,
    "backend_reason" TEXT NOT NULL,
    "device" TEXT NOT NULL,
    "slots" INTEGER NOT NULL,
    "version" TEXT NOT NULL,
    "host" TEXT NOT NULL,
    "pid" INTEGER NOT NULL,
    "experiments" TEXT[] NOT NULL,
    "draining" BOOLEAN NOT NULL DEFAULT false,
    "registered_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_sign_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "lost_at" TIMESTAMPTZ(3),
    CONSTRAINT "trainer_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "trainer_slots_check" CHECK ("slots" >= 1)
);
ALTER TABLE "trainer" SET (fillfactor = 30, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 200);

CREATE TABLE "outbox" (
    "id" BIGSERIAL NOT NULL,
    "subject" TEXT NOT NULL,
    "message_id" TEXT NOT NULL,
    "payload" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT "outbox_pkey" PRIMARY KEY ("id")
);
ALTER TABLE "outbox" SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500);

CREATE TABLE "dead_letter" (
    "id" BIGSERIAL NOT NULL,
    "origin" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "payload" BYTEA NOT NULL,
    "payload_bytes" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT "dead_letter_pkey" PRIMARY KEY ("id")
);
