-- Requests the cancellation of the current claim of a job.
-- 1 id
-- index: jobs_id, primary key
INSERT INTO cancellations (job, claim) SELECT id, claims FROM jobs WHERE id = ?1 AND state = 3
ON CONFLICT (job, claim) DO NOTHING
