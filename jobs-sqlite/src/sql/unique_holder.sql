-- The job that took a key last, and the columns that tell whether it still holds it. The state is NULL if the job was
-- removed.
-- 1 key
-- index: jobs_id, primary key of unique_keys
SELECT held.job, held.until, held.expires_at, jobs.state, jobs.claims, jobs.expires_at
FROM unique_keys AS held LEFT JOIN jobs ON jobs.id = held.job
WHERE held.key = ?1
