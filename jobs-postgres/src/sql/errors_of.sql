-- The first and the last errors of jobs, the oldest first, each with the id of its job. Long errors of earlier versions are
-- cut.
-- 1 ids, 2 how many of the first, 3 how many of the last, 4 the most characters of an error, 5 whether to read logs
-- index: primary key of errors
SELECT asked.id, left(kept.error, $4), kept.log FROM unnest($1) WITH ORDINALITY AS asked (id, place)
CROSS JOIN LATERAL (
  (SELECT n, error, CASE WHEN $5 THEN log END AS log FROM {schema}.errors WHERE job = asked.id ORDER BY n LIMIT $2)
  UNION ALL
  (SELECT n, error, CASE WHEN $5 THEN log END AS log FROM {schema}.errors
   WHERE job = asked.id AND n > coalesce((
     SELECT max(n) FROM (SELECT n FROM {schema}.errors WHERE job = asked.id ORDER BY n LIMIT $2) AS first
   ), 0)
   ORDER BY n DESC LIMIT $3)
) AS kept
ORDER BY asked.place, kept.n
