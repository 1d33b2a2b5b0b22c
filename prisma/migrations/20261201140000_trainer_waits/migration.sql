-- Why a trainer that is there takes no packs by its own choice, as it says with each sign; null: it takes them.
ALTER TABLE "trainer" ADD COLUMN "waits" TEXT;
