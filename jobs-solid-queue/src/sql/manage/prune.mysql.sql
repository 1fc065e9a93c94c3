-- Deletes jobs that finished before a time. MySQL has no LIMIT in the query of an IN.
DELETE FROM solid_queue_jobs WHERE finished_at <= ? ORDER BY finished_at LIMIT ?
