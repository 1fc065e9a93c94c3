-- Releases the key of a job that has ended. A key that is held for a fixed time only is kept until then.
-- 1 job id
-- index: unique_keys_job
DELETE FROM unique_keys WHERE job = ?1 AND until IS NOT NULL
