-- A failed or discarded job runs again.
UPDATE solid_queue_jobs SET arguments = ?, finished_at = NULL, updated_at = ? WHERE id = ?
