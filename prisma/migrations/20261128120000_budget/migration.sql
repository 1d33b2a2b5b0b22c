-- What a sweep cost and which part of its budget ended it; and what a person asked of a trainer, apart from what it says of itself.

ALTER TABLE "sweep"
    ADD COLUMN "train_seconds" DOUBLE PRECISION NOT NULL DEFAULT 0,
    ADD COLUMN "steps" DOUBLE PRECISION NOT NULL DEFAULT 0,
    ADD COLUMN "spent" TEXT,
    ADD CONSTRAINT "sweep_usage_check" CHECK ("train_seconds" >= 0 AND "steps" >= 0);
UPDATE "sweep" s SET "train_seconds" = u."train_seconds", "steps" = u."steps"
FROM (
    SELECT r."sweep_id", coalesce(sum(a."train_seconds" / a."pack_width"), 0) AS "train_seconds", coalesce(sum(r."steps"), 0) AS "steps"
    FROM "run" r JOIN "attempt" a ON a."run_id" = r."id" AND a."number" = r."attempt"
    WHERE r."state" IN ('succeeded', 'diverged', 'failed') GROUP BY r."sweep_id"
) u WHERE s."id" = u."sweep_id";

ALTER TABLE "trainer" ADD COLUMN "drain_asked" BOOLEAN NOT NULL DEFAULT false;
UPDATE "trainer" SET "drain_asked" = "draining";
