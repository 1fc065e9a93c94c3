-- Stores a new job in the transaction of the caller. All values are texts.
INSERT INTO {jobs} (priority, attempts, handler, run_at, queue, created_at, updated_at)
VALUES ($1::integer, 0, $2, $3::timestamp, $4, $5::timestamp, $5::timestamp)
