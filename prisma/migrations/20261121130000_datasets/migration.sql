CREATE TABLE "dataset" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "facts" JSONB NOT NULL,
    "preview" JSONB NOT NULL,
    "bytes" INTEGER NOT NULL,
    "content_bytes" INTEGER NOT NULL,
    "content_sha256" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT "dataset_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "dataset_part" (
    "dataset_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "part" INTEGER NOT NULL,
    "content" BYTEA NOT NULL,
    CONSTRAINT "dataset_part_pkey" PRIMARY KEY ("dataset_id", "kind", "part"),
    CONSTRAINT "dataset_part_dataset_id_fkey" FOREIGN KEY ("dataset_id") REFERENCES "dataset" ("id") ON DELETE CASCADE
);
ALTER TABLE "dataset_part" ALTER COLUMN "content" SET STORAGE EXTERNAL;
