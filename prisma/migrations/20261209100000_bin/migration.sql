-- What is archived is left out of lists; what is in the bin as well, until it is removed for good.

ALTER TABLE "sweep"
    ADD COLUMN "archived_at" TIMESTAMPTZ(3),
    -- In the bin; from then on its rows go.
    ADD COLUMN "binned_until" TIMESTAMPTZ(3),
    ADD CONSTRAINT "sweep_binned_check" CHECK ("binned_until" IS NULL OR "state" IN ('completed', 'cancelled'));
CREATE INDEX "sweep_binned_until_idx" ON "sweep" ("binned_until") WHERE "binned_until" IS NOT NULL;

ALTER TABLE "dataset" ADD COLUMN "binned_until" TIMESTAMPTZ(3);
CREATE INDEX "dataset_binned_until_idx" ON "dataset" ("binned_until") WHERE "binned_until" IS NOT NULL;
