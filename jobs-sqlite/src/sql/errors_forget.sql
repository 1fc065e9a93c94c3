-- Removes the errors of a job.
-- 1 job id
-- index: primary key of errors
DELETE FROM errors WHERE job = ?1
