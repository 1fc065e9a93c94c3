-- One index of the ready jobs serves workers of some queues and of all: these merge the queues as they read them.
DROP INDEX {schema}.jobs_ready;
ALTER INDEX {schema}.jobs_ready_in_queue RENAME TO jobs_ready;
