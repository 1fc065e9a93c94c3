-- Recurring tasks as they were declared last, and how far their ticks are done with.
--
-- No tick has a row of its own: a tick is still to be had if it is after `after`, so nothing grows and nothing is pruned.

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
  -- Ticks up to here are taken, left out, or before the task was declared or resumed.
  after       INTEGER NOT NULL,
  last_tick   INTEGER,
  last_job    BLOB,
  paused      INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
