-- The id at which a window of this many jobs of any state ends.
-- 1 id after which to begin, or NULL, 2 id before which to end, or NULL, 3 the number of jobs less one
-- index: jobs_id alone
SELECT id FROM jobs INDEXED BY jobs_id
WHERE id > coalesce(?1, x'') AND id < coalesce(?2, x'ffffffffffffffffffffffffffffffffff')
ORDER BY id /*DESC*/ LIMIT 1 OFFSET ?3
