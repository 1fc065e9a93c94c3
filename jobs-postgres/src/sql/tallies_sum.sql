-- Sums all tallies into one, and likewise the adjustments of the total of enqueued jobs. Rows that other transactions have locked
-- are skipped, so that this never waits.
-- index: scan of both tables, as long as the statements since the last time
WITH old AS (
  DELETE FROM {schema}.tallies
  WHERE ctid = ANY (ARRAY(SELECT ctid FROM {schema}.tallies LIMIT 100000 FOR UPDATE SKIP LOCKED))
  RETURNING finished, total, discarded
),
old_adjustments AS (
  DELETE FROM {schema}.enqueued_adjustments
  WHERE ctid = ANY (ARRAY(SELECT ctid FROM {schema}.enqueued_adjustments
                          WHERE (SELECT count(*) FROM {schema}.enqueued_adjustments) > 1 FOR UPDATE SKIP LOCKED))
  RETURNING jobs
),
adjusted AS (
  INSERT INTO {schema}.enqueued_adjustments (jobs) SELECT sum(jobs) FROM old_adjustments HAVING count(*) > 0
)
INSERT INTO {schema}.tallies (finished, total, discarded)
SELECT sum(finished), sum(total), sum(discarded) FROM old HAVING count(*) > 0
