-- Recurring tasks as they were last declared, and up to when their ticks are done.
--
-- A tick has no row of its own: it can be taken if it is later than `after`, so nothing grows and nothing is pruned.

CREATE TABLE recurring_tasks (
  key         TEXT    PRIMARY KEY,
  job         TEXT    NOT NULL,
  arguments   TEXT    NOT NULL,
  version     INTEGER NOT NULL,
  queue       TEXT,
  priority    INTEGER,
  schedule    TEXT    NOT NULL,
  zone        TEXT,
  -- `skip`, `once` or `all(24)`.
  missed      TEXT    NOT NULL,
  description TEXT,
  declared_at INTEGER NOT NULL,
  -- Ticks up to here were taken or skipped, or are from before the task was declared or resumed.
  after       INTEGER NOT NULL,
  last_tick   INTEGER,
  last_job    BLOB,
  paused      INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
