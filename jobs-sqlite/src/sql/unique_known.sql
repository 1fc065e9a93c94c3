-- Whether a job is stored, in any state.
-- 1 id
-- index: jobs_id
SELECT EXISTS (SELECT 1 FROM jobs WHERE id = ?1)
