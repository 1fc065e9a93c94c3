-- The errors of a job, the oldest first.
-- 1 job id
-- index: primary key of errors
SELECT class, message, causes, attempt, duration_ms, at, process FROM errors WHERE job = ?1 ORDER BY n
