-- Jobs are discarded: finished, and changed after that.
UPDATE solid_queue_jobs SET finished_at = ?, updated_at = ? WHERE id IN {ids}
