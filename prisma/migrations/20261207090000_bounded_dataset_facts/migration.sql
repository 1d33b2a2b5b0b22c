-- Facts list the most frequent categories of a column and how many they leave out, and previews the first columns: both are sent whole to
-- whoever reads a dataset, and a table may have 1,000 categories in each of 4,096 columns, each as long as a line.

UPDATE "dataset" d SET "facts" = jsonb_set(d."facts", '{columns}', (
    SELECT jsonb_agg(
        CASE WHEN jsonb_array_length(c.column_facts->'categories') = 0 THEN c.column_facts
        ELSE c.column_facts
            || jsonb_build_object('categories', (
                SELECT jsonb_agg(jsonb_build_object(
                    'name', CASE WHEN length(k.name) > 100 THEN left(k.name, 99) || '…' ELSE k.name END,
                    'count', k.count) ORDER BY k.count DESC, k.place)
                FROM (SELECT e.category->>'name' AS name, (e.category->'count')::bigint AS count, e.place
                      FROM jsonb_array_elements(c.column_facts->'categories') WITH ORDINALITY AS e(category, place)
                      ORDER BY count DESC, place LIMIT m.most) k))
            || CASE WHEN jsonb_array_length(c.column_facts->'categories') > m.most
               THEN jsonb_build_object('categoriesLeftOut', jsonb_array_length(c.column_facts->'categories') - m.most)
               ELSE '{}' END
        END ORDER BY c.place)
    FROM jsonb_array_elements(d."facts"->'columns') WITH ORDINALITY AS c(column_facts, place)))
FROM (SELECT o."id", greatest(1, least(50, 2000 / greatest(1, (
          SELECT count(*) FROM jsonb_array_elements(o."facts"->'columns') s
          WHERE jsonb_array_length(s->'categories') > 0))))::int AS most
      FROM "dataset" o) m
WHERE m."id" = d."id" AND jsonb_array_length(d."facts"->'columns') > 0;

UPDATE "dataset" SET "preview" = (
    SELECT jsonb_agg((
        SELECT jsonb_agg(
            CASE WHEN jsonb_typeof(e.cell) = 'string' AND length(e.cell#>>'{}') > 100
            THEN to_jsonb(left(e.cell#>>'{}', 99) || '…') ELSE e.cell END ORDER BY e.place)
        FROM jsonb_array_elements(r.cells) WITH ORDINALITY AS e(cell, place) WHERE e.place <= 100) ORDER BY r.place)
    FROM jsonb_array_elements("preview") WITH ORDINALITY AS r(cells, place))
WHERE "facts"->>'format' = 'csv' AND jsonb_array_length("preview") > 0;
