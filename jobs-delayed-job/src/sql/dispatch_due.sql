-- Finds jobs that are due and have not been made ready.
SELECT id FROM {jobs}
WHERE run_at <= ? AND (updated_at IS NULL OR updated_at < run_at) AND locked_at IS NULL AND failed_at IS NULL
ORDER BY run_at, id LIMIT ? {skip_locked}
