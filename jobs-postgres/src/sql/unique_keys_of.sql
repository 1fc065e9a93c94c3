-- The keys of failed and discarded jobs that are to be retried manually, and whether each job was ever claimed.
-- 1 ids
-- index: jobs_id, done_id
SELECT id, unique_key, claims > 0 FROM {schema}.jobs WHERE id = ANY ($1) AND state = 4 AND unique_key IS NOT NULL
UNION ALL
SELECT id, unique_key, claims > 0 FROM {schema}.done WHERE id = ANY ($1) AND state = 6 AND unique_key IS NOT NULL
