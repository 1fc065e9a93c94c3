-- How many jobs the tables have. SQLite does not know it, and counts the entries of its smallest index.
SELECT COUNT(*) FROM solid_queue_jobs
