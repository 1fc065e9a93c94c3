-- A job that ended lets go of the key that it took last. What it holds for a time alone it keeps.
-- 1 job id
-- index: unique_keys_job
DELETE FROM unique_keys WHERE job = ?1 AND until IS NOT NULL
