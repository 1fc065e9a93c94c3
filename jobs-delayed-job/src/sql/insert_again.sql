-- Stores a job that Active Job retries: one more execution is one more row.
INSERT INTO {jobs} (priority, attempts, handler, run_at, queue, created_at, updated_at) VALUES (?, 0, ?, ?, ?, ?, ?)
