-- A job is discarded: finished, and changed after that.
UPDATE solid_queue_jobs SET arguments = ?, finished_at = ?, updated_at = ? WHERE id = ?
