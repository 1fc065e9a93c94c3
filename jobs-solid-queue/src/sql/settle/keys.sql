-- The jobs that have a concurrency limit.
SELECT id, class_name, concurrency_key FROM solid_queue_jobs WHERE concurrency_key IS NOT NULL AND id IN {ids}
