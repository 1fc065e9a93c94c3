-- The claimed jobs whose process is unknown or was given up.
-- index: jobs_claimed, as long as the jobs in flight
SELECT seq, id, crashes, attempts, process FROM jobs INDEXED BY jobs_claimed
WHERE state = 3 AND (process IS NULL OR process NOT IN (SELECT id FROM processes WHERE lost = 0))
ORDER BY seq
