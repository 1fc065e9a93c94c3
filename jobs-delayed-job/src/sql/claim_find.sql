-- Finds ready jobs to claim.
SELECT {columns} FROM {jobs}
WHERE run_at <= ? AND updated_at >= run_at AND locked_at IS NULL AND failed_at IS NULL{conditions}
ORDER BY priority, run_at, id LIMIT ? {skip_locked}
