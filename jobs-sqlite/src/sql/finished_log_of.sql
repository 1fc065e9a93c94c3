-- What the attempt logged that finished a job, and the process that ran it.
-- 1 job id
-- index: primary key of finished_logs
SELECT log, process FROM finished_logs WHERE job = ?1
