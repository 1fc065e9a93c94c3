-- Recurring tasks as they were declared last, and how far their ticks are done with.
--
-- No tick has a row of its own: a tick is still to be had if it is after `after`, so nothing grows and nothing is pruned.
-- Who asks for a tick locks the row of its task. There are as many rows as programs declare, with room beside them on the
-- page: so a tick touches no index.
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
  -- Ticks up to here are taken, left out, or before the task was declared or resumed.
  after       bigint   NOT NULL,
  last_tick   bigint,
  last_job    uuid,
  paused      boolean  NOT NULL
) WITH (fillfactor = 50);
