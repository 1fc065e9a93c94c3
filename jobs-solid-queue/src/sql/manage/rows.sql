-- The last rows of jobs.
SELECT MAX(id) FROM solid_queue_jobs WHERE active_job_id IN {ids} GROUP BY active_job_id
