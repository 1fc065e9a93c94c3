-- The id at which a window of this many blocked, failed or discarded jobs ends.
-- 1 id after which to begin, or NULL, 2 id before which to end, or NULL, 3 the number of jobs less one, 4 state
-- index: jobs_resting alone
SELECT id FROM jobs INDEXED BY jobs_resting
WHERE (state = 1 OR state = 4 OR state = 6) AND state = ?4
  AND id > coalesce(?1, x'') AND id < coalesce(?2, x'ffffffffffffffffffffffffffffffffff')
ORDER BY id /*DESC*/ LIMIT 1 OFFSET ?3
