-- Figures of attempts by job and by queue, for the last hour, day and week, and the deploys.
--
-- A row is of one step of a range, and each range has steps of its own: a minute, ten minutes, an hour. Old steps are
-- removed when figures are added, and a step has a bounded number of rows, so the table has at most 186,000.

CREATE TABLE figures (
  -- The length of the step in seconds.
  step     INTEGER NOT NULL,
  start    INTEGER NOT NULL,
  job      TEXT    NOT NULL,
  queue    TEXT    NOT NULL,
  attempts INTEGER NOT NULL,
  errors   INTEGER NOT NULL,
  -- Distributions: their sum in microseconds, then `bucket:count` of each bucket that is not empty.
  run      TEXT    NOT NULL,
  wait     TEXT    NOT NULL,
  PRIMARY KEY (step, start, job, queue)
) STRICT, WITHOUT ROWID;

CREATE TABLE deploys (
  at      INTEGER PRIMARY KEY,
  version TEXT    NOT NULL
) STRICT;
