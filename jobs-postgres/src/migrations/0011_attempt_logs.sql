-- What the attempt logged that ended in this error, as JSON, if the program collects it. An older program leaves it NULL.
ALTER TABLE {schema}.errors ADD COLUMN log text;

-- What the attempts logged that finished jobs, of programs that choose to keep it. Nothing of this table is written or read when a job
-- without a log is finished. Rows are removed by their age, as finished jobs are, so those that an older program leaves behind
-- when it removes a job are removed by the next one that knows them.
CREATE TABLE {schema}.finished_logs (
  job     uuid   PRIMARY KEY,
  done_at bigint NOT NULL,
  process bigint NOT NULL,
  log     text   NOT NULL
);

CREATE INDEX finished_logs_done_at ON {schema}.finished_logs (done_at);
