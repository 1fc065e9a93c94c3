-- The ready jobs of each queue, and when the first was due.
SELECT {queue} AS name, COUNT(*), MIN(run_at) FROM {jobs}
WHERE failed_at IS NULL AND locked_at IS NULL AND updated_at >= run_at
GROUP BY {queue} ORDER BY name
