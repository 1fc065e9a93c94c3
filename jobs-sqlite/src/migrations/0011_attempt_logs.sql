-- What the attempt logged that ended in this error, as JSON, if the program collects it. An older program leaves it NULL.
ALTER TABLE errors ADD COLUMN log TEXT;

-- What the attempts logged that finished jobs, of programs that choose to keep it. Nothing of this table is written or read when a job
-- without a log is finished. Rows are removed by their age, as finished jobs are, so those that an older program leaves behind
-- when it removes a job are removed by the next one that knows them.
CREATE TABLE finished_logs (
  job     BLOB    PRIMARY KEY NOT NULL,
  done_at INTEGER NOT NULL,
  process INTEGER NOT NULL,
  log     TEXT    NOT NULL
) STRICT;

CREATE INDEX finished_logs_done_at ON finished_logs (done_at);
