-- What the process can run, as JSON: slots, queues, the version of its program; NULL for nothing.
ALTER TABLE processes ADD COLUMN details TEXT;
