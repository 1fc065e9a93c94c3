-- The id at which a window of this many jobs that are done ends.
-- 1 id after which to begin, 2 id before which to end, 3 state, each or NULL, 4 the number of jobs less one
-- index: done_id or done_discarded, alone where the rows are known to be visible
SELECT id FROM {schema}.done
WHERE ($1 IS NULL OR id > $1) AND ($2 IS NULL OR id < $2) AND ($3 IS NULL OR state = $3)
ORDER BY id /*DESC*/ LIMIT 1 OFFSET $4
