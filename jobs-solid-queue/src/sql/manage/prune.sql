-- Deletes jobs that finished before a time.
DELETE FROM solid_queue_jobs WHERE id IN (
  SELECT id FROM solid_queue_jobs WHERE finished_at <= ? ORDER BY finished_at LIMIT ?
)
