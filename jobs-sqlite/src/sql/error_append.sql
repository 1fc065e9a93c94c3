-- Appends to the errors of a job.
-- 1 job id, 2 class, 3 message, 4 causes, 5 attempt, 6 duration_ms, 7 at, 8 process, 9 log
-- index: primary key of errors
INSERT INTO errors (job, n, class, message, causes, attempt, duration_ms, at, process, log)
SELECT ?1, coalesce(max(n), 0) + 1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9 FROM errors WHERE job = ?1
