-- Projects and their members, what tokens may do, and who changed what. What was made before belongs to the project `default`; tokens from
-- before could do everything and still can: they are admins.

CREATE TABLE "project" (
    "name" TEXT NOT NULL,
    "stored_bytes" DOUBLE PRECISION,
    "pool" TEXT NOT NULL DEFAULT 'default',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "project_pkey" PRIMARY KEY ("name")
);

INSERT INTO "project" ("name") VALUES ('default');

CREATE TABLE "project_member" (
    "project" TEXT NOT NULL,
    "person" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "project_member_pkey" PRIMARY KEY ("project", "person"),
    CONSTRAINT "project_member_project_fkey" FOREIGN KEY ("project") REFERENCES "project" ("name") ON DELETE CASCADE ON UPDATE CASCADE
);

ALTER TABLE "token" ADD COLUMN "role" TEXT NOT NULL DEFAULT 'admin';
ALTER TABLE "token" ALTER COLUMN "role" DROP DEFAULT;
ALTER TABLE "token" ADD COLUMN "project" TEXT;
UPDATE "token" SET "project" = 'default';
ALTER TABLE "token" ADD COLUMN "scope" TEXT NOT NULL DEFAULT 'all';
ALTER TABLE "token" ADD COLUMN "pool" TEXT;
ALTER TABLE "token" ADD COLUMN "kind" TEXT NOT NULL DEFAULT 'token';
ALTER TABLE "token" ADD COLUMN "parent_id" UUID;
ALTER TABLE "token" ADD COLUMN "expires_at" TIMESTAMPTZ(3);

-- Without foreign keys: a sweep that is imported names a project that may not be here, and then only admins see it.
ALTER TABLE "sweep" ADD COLUMN "project" TEXT NOT NULL DEFAULT 'default';
CREATE INDEX "sweep_project_created_at_id_idx" ON "sweep" ("project", "created_at" DESC, "id");
ALTER TABLE "external_experiment" ADD COLUMN "project" TEXT NOT NULL DEFAULT 'default';

-- A file has one content, whoever uploads it, and in each project a name and an owner of its own.
CREATE TABLE "project_dataset" (
    "project" TEXT NOT NULL,
    "dataset_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "owner" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "project_dataset_pkey" PRIMARY KEY ("project", "dataset_id"),
    CONSTRAINT "project_dataset_dataset_id_fkey" FOREIGN KEY ("dataset_id") REFERENCES "dataset" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE INDEX "project_dataset_dataset_id_idx" ON "project_dataset" ("dataset_id");
INSERT INTO "project_dataset" ("project", "dataset_id", "name", "owner", "created_at") SELECT 'default', "id", "name", 'local', "created_at" FROM "dataset";

-- The token that an outside worker registered with.
ALTER TABLE "trainer" ADD COLUMN "token_id" UUID;

CREATE TABLE "audit_entry" (
    "id" BIGSERIAL NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "who" TEXT,
    "token_id" UUID,
    "role" TEXT,
    "project" TEXT,
    "what" TEXT NOT NULL,
    "target" TEXT NOT NULL,
    "status" INTEGER NOT NULL,
    "address" TEXT NOT NULL,

    CONSTRAINT "audit_entry_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "audit_entry_who_id_idx" ON "audit_entry" ("who", "id" DESC);

-- What was done stays written: rows come, and none is changed or goes. An empty table may be emptied, as a restore does.
CREATE FUNCTION "refuse_audit_change"() RETURNS TRIGGER LANGUAGE plpgsql AS $$
DECLARE filled BOOLEAN := TRUE;
BEGIN
    IF TG_OP = 'TRUNCATE' THEN
        EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I.%I)', TG_TABLE_SCHEMA, TG_TABLE_NAME) INTO filled;
    END IF;
    IF filled THEN
        RAISE EXCEPTION 'the audit log is only added to' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER "audit_entry_rows_stay" BEFORE UPDATE OR DELETE ON "audit_entry" FOR EACH ROW EXECUTE FUNCTION "refuse_audit_change"();
CREATE TRIGGER "audit_entry_stays" BEFORE TRUNCATE ON "audit_entry" FOR EACH STATEMENT EXECUTE FUNCTION "refuse_audit_change"();
