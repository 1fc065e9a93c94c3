-- The rows of jobs that were just stored, from the first one of this insert on.
SELECT MIN(id), active_job_id FROM solid_queue_jobs WHERE id >= ? AND active_job_id IN {ids} GROUP BY active_job_id ORDER BY 1
