-- Recurring tasks as they were last declared, and up to when their ticks are done.
--
-- A tick has no row of its own: it can be taken if it is later than `after`, so nothing grows and nothing is pruned. A
-- transaction that takes a tick locks the row of its task. There are few rows, with free room on their page, so a tick
-- writes to no index.
CREATE TABLE {schema}.recurring_tasks (
  key         text     COLLATE "C" PRIMARY KEY,
  job         text     NOT NULL,
  arguments   text     NOT NULL,
  version     bigint   NOT NULL,
  queue       text,
  priority    integer,
  schedule    text     NOT NULL,
  zone        text,
  -- `skip`, `once` or `all(24)`.
  missed      text     NOT NULL,
  description text,
  declared_at bigint   NOT NULL,
  -- Ticks up to here were taken or skipped, or are from before the task was declared or resumed.
  after       bigint   NOT NULL,
  last_tick   bigint,
  last_job    uuid,
  paused      boolean  NOT NULL
) WITH (fillfactor = 50);
