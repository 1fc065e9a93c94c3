-- What only we know of a job changes.
UPDATE solid_queue_jobs SET arguments = ? WHERE id = ?
