-- Parameters of the space whose condition (`when`) does not hold in a trial: the default stands in `parameters` there, and nothing may count it.
ALTER TABLE "trial" ADD COLUMN "inapplicable" TEXT[] NOT NULL DEFAULT '{}';

-- Trials planned before. A condition may read a parameter that has one itself, so it goes on until nothing changes.
DO $$
BEGIN
  LOOP
    UPDATE trial t SET inapplicable = x.names
    FROM (
      SELECT o.sweep_id, o.index, array_agg(d.key ORDER BY d.key) AS names
      FROM sweep s
      JOIN trial o ON o.sweep_id = s.id
      CROSS JOIN LATERAL jsonb_each(s.spec -> 'space') d
      WHERE jsonb_path_exists(s.spec, '$.space.*.when') AND d.value ? 'when'
        AND ((d.value #>> '{when,parameter}') = ANY (o.inapplicable)
          OR NOT EXISTS (
            SELECT 1 FROM jsonb_array_elements(d.value #> '{when,in}') v
            WHERE v = o.parameters -> (d.value #>> '{when,parameter}')))
      GROUP BY o.sweep_id, o.index
    ) x
    WHERE t.sweep_id = x.sweep_id AND t.index = x.index AND t.inapplicable <> x.names;
    EXIT WHEN NOT FOUND;
  END LOOP;
END $$;
