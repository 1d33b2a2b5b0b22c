-- Checkpoints are few (of unfinished runs) among many artifacts; the sweeper looks through them every minute.

CREATE INDEX "artifact_checkpoint_idx" ON "artifact" ("run_id") WHERE "kind" = 'checkpoint';
