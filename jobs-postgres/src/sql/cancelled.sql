-- The jobs of a process whose current claim is to be cancelled.
-- 1 process
-- index: jobs_id, scan of cancellations, a handful of rows
SELECT job FROM {schema}.cancellations AS request
WHERE (SELECT (jobs.process, jobs.claims) = ($1, request.claim) FROM {schema}.jobs WHERE jobs.id = request.job)
