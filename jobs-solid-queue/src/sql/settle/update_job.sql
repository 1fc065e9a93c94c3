-- A job is to run again. A worker of an older Solid Queue may have written that it finished.
UPDATE solid_queue_jobs
SET arguments = ?, queue_name = ?, priority = ?, scheduled_at = ?, updated_at = ?, finished_at = NULL WHERE id = ?
