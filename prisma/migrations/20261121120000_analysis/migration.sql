-- Words of a run (e.g. the equation it discovered), what the list of sweeps shows, and who may ask.

ALTER TABLE "run" ADD COLUMN "labels" JSONB NOT NULL DEFAULT '{}';

ALTER TABLE "sweep"
    ADD COLUMN "owner" TEXT NOT NULL DEFAULT 'local',
    -- Runs that met the experiment's success criterion; NULL when it has none, or nobody counted.
    ADD COLUMN "met" INTEGER,
    ADD CONSTRAINT "sweep_met_check" CHECK ("met" >= 0);

-- What a token was is forgotten; its SHA-256 is kept.
CREATE TABLE "token" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_used_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),
    CONSTRAINT "token_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "token_hash_key" ON "token" ("hash");
