-- Which process ran the attempt that ended in an error, if a worker did.
ALTER TABLE errors ADD COLUMN process INTEGER;
