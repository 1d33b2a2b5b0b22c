-- Who leads, as a lease: its row is renewed by the leader, and taken with the next epoch once it has expired. What the leader writes holds a
-- key lock on the row, which renewals leave alone (the epoch is the key) and the next leader waits for.

CREATE TABLE "leadership" (
    "epoch" BIGINT NOT NULL,
    "holder" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    CONSTRAINT "leadership_pkey" PRIMARY KEY ("epoch")
);
-- One row, which is updated every second: room on the page for it.
CREATE UNIQUE INDEX "leadership_single_idx" ON "leadership" ((true));
ALTER TABLE "leadership" SET (fillfactor = 10);
INSERT INTO "leadership" ("epoch", "holder", "expires_at") VALUES (0, 'nobody', now());
