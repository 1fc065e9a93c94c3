-- Which of these jobs are stored already.
SELECT DISTINCT active_job_id FROM solid_queue_jobs WHERE active_job_id IN {ids}
