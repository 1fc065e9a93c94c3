-- Takes a free key for a job.
-- 1 key, 2 job id, 3 until or NULL, 4 expires_at or NULL
-- index: primary key of unique_keys
INSERT INTO unique_keys (key, job, until, expires_at) VALUES (?1, ?2, ?3, ?4)
ON CONFLICT (key) DO UPDATE SET job = ?2, until = ?3, expires_at = ?4
