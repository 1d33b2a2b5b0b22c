-- By which tokens trainers join, and whose key each trainer's is. The secrets are kept nowhere.

CREATE TABLE "trainer_token" (
  "id" TEXT NOT NULL,
  "name" TEXT NOT NULL,
  "pool" TEXT,
  "key" TEXT NOT NULL,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "expires_at" TIMESTAMPTZ(3),
  "last_used_at" TIMESTAMPTZ(3),
  "revoked_at" TIMESTAMPTZ(3),
  CONSTRAINT "trainer_token_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "trainer_credential" (
  "trainer_id" TEXT NOT NULL,
  "key" TEXT NOT NULL,
  "pool" TEXT NOT NULL,
  "token_id" TEXT NOT NULL,
  "issued_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "trainer_credential_pkey" PRIMARY KEY ("trainer_id"),
  CONSTRAINT "trainer_credential_token_id_fkey" FOREIGN KEY ("token_id") REFERENCES "trainer_token" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

CREATE INDEX "trainer_credential_token_id_idx" ON "trainer_credential" ("token_id");
