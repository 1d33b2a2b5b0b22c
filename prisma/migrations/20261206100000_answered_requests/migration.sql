-- What requests with an Idempotency-Key were answered, written in the transaction that did what they asked for.

CREATE TABLE "answered_request" (
    "asker" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "request" TEXT NOT NULL,
    "answer" JSON NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "answered_request_pkey" PRIMARY KEY ("asker", "key")
);

CREATE INDEX "answered_request_created_at_idx" ON "answered_request" ("created_at");
