-- When the next job is due that has not been made ready.
SELECT MIN(run_at) FROM {jobs}
WHERE (updated_at IS NULL OR updated_at < run_at) AND locked_at IS NULL AND failed_at IS NULL
