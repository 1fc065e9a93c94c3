-- Ready rows of jobs that are claimed, locked with the claims: a claim of them would break on the unique index, again and again. By the claims, which are
-- few: MySQL would read and lock all ready rows to delete these at once.
SELECT r.id FROM solid_queue_claimed_executions c JOIN solid_queue_ready_executions r ON r.job_id = c.job_id {lock}
