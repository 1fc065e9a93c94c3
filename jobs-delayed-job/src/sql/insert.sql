-- Stores new jobs.
INSERT INTO {jobs} (priority, attempts, handler, run_at, queue, created_at, updated_at) VALUES {values}
