-- When the next scheduled job is due; NULL if none is scheduled.
-- index: jobs_scheduled
SELECT min(due_at) FROM jobs INDEXED BY jobs_scheduled WHERE state = 0
