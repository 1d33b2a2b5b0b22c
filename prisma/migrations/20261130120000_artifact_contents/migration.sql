-- Contents larger than a message rest in the parts in which they arrived, so that nobody ever holds a whole one. A small content stays
-- in its artifact's row, and so do large ones from before.

-- Uploads that are under way are begun again by their trainers.
DROP TABLE "artifact_part";

-- A content that arrives part by part. Once an artifact names it, it is whole, its hash was compared, and it never changes.
CREATE TABLE "artifact_content" (
    "id" UUID NOT NULL,
    "run_id" TEXT NOT NULL,
    "attempt" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "bytes" INTEGER NOT NULL,
    "sha256" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT "artifact_content_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "artifact_content_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "run" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE UNIQUE INDEX "artifact_content_run_id_attempt_name_sha256_key" ON "artifact_content" ("run_id", "attempt", "name", "sha256");

CREATE TABLE "artifact_part" (
    "content_id" UUID NOT NULL,
    "part" INTEGER NOT NULL,
    "content" BYTEA NOT NULL,
    CONSTRAINT "artifact_part_pkey" PRIMARY KEY ("content_id", "part"),
    CONSTRAINT "artifact_part_content_id_fkey" FOREIGN KEY ("content_id") REFERENCES "artifact_content" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);
-- EXTERNAL lets a range be cut out of a part without reading the whole.
ALTER TABLE "artifact_part" ALTER COLUMN "content" SET STORAGE EXTERNAL;

ALTER TABLE "artifact" ALTER COLUMN "content" DROP NOT NULL, ADD COLUMN "content_id" UUID;
ALTER TABLE "artifact" ADD CONSTRAINT "artifact_content_id_fkey" FOREIGN KEY ("content_id") REFERENCES "artifact_content" ("id") ON DELETE NO ACTION ON UPDATE CASCADE;
ALTER TABLE "artifact" ADD CONSTRAINT "artifact_one_content_check" CHECK (num_nonnulls("content", "content_id") = 1);
CREATE UNIQUE INDEX "artifact_content_id_key" ON "artifact" ("content_id");

-- However an artifact goes, its content goes with it.
CREATE FUNCTION "drop_artifact_content"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM artifact_content WHERE id = OLD.content_id;
  RETURN NULL;
END $$;
CREATE TRIGGER "artifact_content_dropped" AFTER DELETE ON "artifact"
  FOR EACH ROW WHEN (OLD."content_id" IS NOT NULL) EXECUTE FUNCTION "drop_artifact_content"();
