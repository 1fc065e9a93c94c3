-- Figures of attempts by job and by queue, for the last hour, day and week, and the deploys.
--
-- A row is of one step of a range, and each range has steps of its own: a minute, ten minutes, an hour. Old steps are
-- removed when figures are added, and a step has a bounded number of rows, so the table has at most 186,000. There is free
-- room on its pages, so that a row that grows writes to no index.
CREATE TABLE {schema}.figures (
  -- The length of the step in seconds.
  step     bigint NOT NULL,
  start    bigint NOT NULL,
  job      text   COLLATE "C" NOT NULL,
  queue    text   COLLATE "C" NOT NULL,
  attempts bigint NOT NULL,
  errors   bigint NOT NULL,
  -- Distributions: their sum in microseconds, then `bucket:count` of each bucket that is not empty.
  run      text   NOT NULL,
  wait     text   NOT NULL,
  PRIMARY KEY (step, start, job, queue)
) WITH (fillfactor = 50);

CREATE TABLE {schema}.deploys (
  at      bigint PRIMARY KEY,
  version text   NOT NULL
);
