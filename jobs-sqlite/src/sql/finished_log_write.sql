-- Keeps what the attempt logged that finished a job.
-- 1 job id, 2 when it was done, 3 process, 4 log
-- index: primary key of finished_logs
INSERT OR REPLACE INTO finished_logs (job, done_at, process, log) VALUES (?1, ?2, ?3, ?4)
