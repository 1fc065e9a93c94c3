-- Sums all tallies into one. Rows that other transactions have locked are skipped, so that this never waits.
-- index: scan of tallies, as long as the statements since the last time
WITH old AS (
  DELETE FROM {schema}.tallies
  WHERE ctid = ANY (ARRAY(SELECT ctid FROM {schema}.tallies LIMIT 100000 FOR UPDATE SKIP LOCKED))
  RETURNING finished, total, discarded
)
INSERT INTO {schema}.tallies (finished, total, discarded)
SELECT sum(finished), sum(total), sum(discarded) FROM old HAVING count(*) > 0
