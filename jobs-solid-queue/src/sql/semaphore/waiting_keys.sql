-- The keys after one for which jobs of some classes have waited nearly as long as they may, each with one of these jobs.
SELECT b.concurrency_key, MIN(b.job_id) FROM solid_queue_blocked_executions b
JOIN solid_queue_jobs j ON j.id = b.job_id
WHERE b.expires_at < ? AND b.concurrency_key > ? AND j.class_name IN {ids}
GROUP BY b.concurrency_key ORDER BY b.concurrency_key LIMIT {limit}
