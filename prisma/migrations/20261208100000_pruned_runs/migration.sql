-- Runs that a stopping rule ended, and sweeps whose search cannot go on.

ALTER TYPE "run_state" ADD VALUE 'pruned';
ALTER TABLE "sweep"
    ADD COLUMN "pruned" INTEGER NOT NULL DEFAULT 0,
    ADD COLUMN "parked" TEXT,
    ADD CONSTRAINT "sweep_pruned_check" CHECK ("pruned" >= 0);
