-- The rows of jobs that were just stored, in the order in which they were.
SELECT MAX(id), active_job_id FROM solid_queue_jobs WHERE active_job_id IN {ids} GROUP BY active_job_id ORDER BY 1
