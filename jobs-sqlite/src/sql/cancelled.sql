-- The jobs of a process whose current claim is to be cancelled.
-- 1 process
-- index: jobs_id, scan of cancellations, a handful of rows
SELECT jobs.id FROM cancellations CROSS JOIN jobs INDEXED BY jobs_id ON jobs.id = job AND jobs.claims = claim
WHERE jobs.state = 3 AND jobs.process = ?1
