-- A job that is done, locked.
SELECT id FROM solid_queue_jobs WHERE id = ? AND finished_at IS NOT NULL {lock}
