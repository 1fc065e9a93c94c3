-- Jobs are finished. A worker of an older Solid Queue may have written so before.
UPDATE solid_queue_jobs SET finished_at = COALESCE(finished_at, ?), updated_at = COALESCE(finished_at, ?)
WHERE id IN {ids}
