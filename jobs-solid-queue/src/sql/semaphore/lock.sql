-- How many permits of a key are free.
SELECT value FROM solid_queue_semaphores WHERE {key} = ? {lock}
