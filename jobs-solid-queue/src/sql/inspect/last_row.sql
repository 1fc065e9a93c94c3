-- The last row of a job: each attempt of a job of Ruby has a row.
SELECT MAX(id) FROM solid_queue_jobs WHERE active_job_id = ?
