-- The keys after one for which jobs have waited nearly as long as they may, each with one of the jobs.
SELECT concurrency_key, MIN(job_id) FROM solid_queue_blocked_executions
WHERE expires_at < ? AND concurrency_key > ? GROUP BY concurrency_key ORDER BY concurrency_key LIMIT ?
