-- The key of a failed or discarded job, and how often the job was claimed; no row for any other job.
-- 1 id
-- index: jobs_id
SELECT unique_key, claims FROM jobs WHERE id = ?1 AND state IN (4, 6) AND unique_key IS NOT NULL
