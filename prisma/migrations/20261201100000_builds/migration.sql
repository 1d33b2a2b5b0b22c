-- Which build of Basin trained what: a sweep is given to one build, and every attempt says by which it was made.

CREATE TABLE build (
  id text PRIMARY KEY,
  -- what its trainers call it; null: they do not say which build they are
  version text,
  first_seen_at timestamptz(3) NOT NULL DEFAULT now()
);
INSERT INTO build (id) VALUES ('unversioned');

-- Null: registered with a control plane that did not ask; it is told to register again.
ALTER TABLE trainer ADD COLUMN build text;

-- The build that its runs are given to (null: not dispatched yet), and those that it was given to before.
ALTER TABLE sweep ADD COLUMN build text, ADD COLUMN earlier_builds text[] NOT NULL DEFAULT '{}';
UPDATE sweep SET build = 'unversioned' WHERE started_at IS NOT NULL;

ALTER TABLE attempt ADD COLUMN build text NOT NULL DEFAULT 'unversioned';

-- Of the newest attempt; says nothing before the first. The default is for the rows that are there, which need not be written anew.
ALTER TABLE run ADD COLUMN build text DEFAULT 'unversioned';
ALTER TABLE run ALTER COLUMN build DROP DEFAULT;
