-- Races over seeds: further initializations are given to trials round by round, and the winner is trained again from held-out seeds.

ALTER TABLE "sweep"
    ADD COLUMN "racing" TEXT,
    ADD COLUMN "incumbent" INTEGER,
    ADD CONSTRAINT "sweep_racing_check" CHECK ("racing" IN ('deciding', 'decided'));
ALTER TABLE "trial"
    ADD COLUMN "race" TEXT,
    ADD COLUMN "race_reason" TEXT,
    ADD CONSTRAINT "trial_race_check" CHECK ("race" IN ('racing', 'stopped', 'complete'));
CREATE INDEX "trial_racing_idx" ON "trial" ("sweep_id", "index") WHERE "race" = 'racing';
