-- A job has another time.
UPDATE solid_queue_jobs SET scheduled_at = ? WHERE id = ?
