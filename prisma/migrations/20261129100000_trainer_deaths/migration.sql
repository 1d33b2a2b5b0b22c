-- Which attempts ended because their trainer died: a run that takes one trainer after another with it must end some time.

ALTER TABLE "attempt" ADD COLUMN "trainer_died" BOOLEAN NOT NULL DEFAULT false;
-- For the trainer that turns out to be alive.
CREATE INDEX "attempt_trainer_died_idx" ON "attempt" ("trainer_id") WHERE "trainer_died";
