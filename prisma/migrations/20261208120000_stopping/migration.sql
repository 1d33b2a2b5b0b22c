-- Rungs of a stopping rule that a run's reports were told for.

ALTER TABLE "run" ADD COLUMN "rungs_told" INTEGER NOT NULL DEFAULT 0;
