-- How many transactions made jobs ready other than by their enqueue. A store that remembers which queues have ready jobs
-- sees by it that another process gave some back. An older program does not count here.
ALTER TABLE wakeups ADD COLUMN returned INTEGER NOT NULL DEFAULT 0;
