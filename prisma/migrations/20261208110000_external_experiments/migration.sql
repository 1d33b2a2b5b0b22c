-- Experiments whose training code is not Basin's: each version of a descriptor by its hash. Of one id the version that was put last counts as
-- the newest. An attempt may tell where its numbers come from.

CREATE TABLE "external_experiment" (
    "id" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "descriptor" JSONB NOT NULL,
    "owner" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "put_at" TIMESTAMPTZ(6) NOT NULL DEFAULT clock_timestamp(),

    CONSTRAINT "external_experiment_pkey" PRIMARY KEY ("id", "hash")
);

-- Many attempts have one provenance.
CREATE TABLE "provenance" (
    "id" TEXT NOT NULL,
    "content" JSONB NOT NULL,

    CONSTRAINT "provenance_pkey" PRIMARY KEY ("id")
);

ALTER TABLE "trainer" ADD COLUMN "provenance" TEXT;
ALTER TABLE "attempt" ADD COLUMN "provenance" TEXT;
