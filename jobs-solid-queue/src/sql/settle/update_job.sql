-- A job is to run again.
UPDATE solid_queue_jobs
SET arguments = ?, queue_name = ?, priority = ?, scheduled_at = ?, updated_at = ? WHERE id = ?
