-- The process that ran the attempt that ended in an error, if it was a worker.
ALTER TABLE errors ADD COLUMN process INTEGER;
