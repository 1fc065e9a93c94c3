-- The known process that has claimed a job.
-- 1 id
-- index: jobs_id, primary key
SELECT process FROM jobs WHERE id = ?1 AND state = 3 AND process IN (SELECT id FROM processes WHERE lost = 0)
