-- Locks and returns the jobs that dead processes have claimed.
-- 1 processes
-- index: none, the jobs are read once for each death
SELECT id, crashes, attempts, process FROM {schema}.jobs
WHERE process = ANY ($1)
ORDER BY seq FOR UPDATE
