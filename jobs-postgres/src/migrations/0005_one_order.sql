-- One index of the ready jobs serves workers of some queues and of all queues. The latter merge the queues as they
-- read.
DROP INDEX {schema}.jobs_ready;
ALTER INDEX {schema}.jobs_ready_in_queue RENAME TO jobs_ready;
