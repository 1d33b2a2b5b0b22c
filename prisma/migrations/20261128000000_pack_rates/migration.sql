-- What packs cost, by width: the scheduler chooses how wide packs are from what trainers measured.

ALTER TABLE pack ADD COLUMN pack_key text;

-- Memory that a pack in one slot may take; null: the trainer did not say.
ALTER TABLE trainer ADD COLUMN slot_bytes double precision;

CREATE TABLE pack_rate (
  pack_key text NOT NULL,
  backend text NOT NULL,
  -- the width rounded up to a power of two
  width int NOT NULL,
  -- steps of single runs, and the seconds that their packs took for them
  run_steps double precision NOT NULL,
  seconds double precision NOT NULL,
  -- a bound from above on the memory of one run; null: not known
  bytes_per_run double precision,
  measured_at timestamptz(3) NOT NULL DEFAULT now(),
  PRIMARY KEY (pack_key, backend, width)
);
