-- Jobs with their errors, processes, and paused queues.
--
-- `state` is the index of a state in `State::ALL`: 0 scheduled, 1 blocked, 2 ready, 3 claimed, 4 failed,
-- 5 finished, 6 discarded. Queries must write it as a literal; otherwise the partial indexes are not used.
-- Times are microseconds since 1970-01-01T00:00:00Z.
--
-- A finished job stays in its row. This is one rewrite on a page that is in memory anyway; a move to another table
-- would be a delete and two inserts. The partial indexes do not contain it, so claims do not read it.

CREATE TABLE jobs (
  -- The order of arrival, which is the order of claims within a priority.
  seq             INTEGER PRIMARY KEY,
  id              BLOB    NOT NULL CHECK (length(id) = 16),
  state           INTEGER NOT NULL,
  -- The process that has claimed it.
  process         INTEGER,
  done_at         INTEGER,
  -- How often it was claimed. Never decreases. Part of the claim token.
  claims          INTEGER NOT NULL DEFAULT 0,
  attempts        INTEGER NOT NULL DEFAULT 0,
  crashes         INTEGER NOT NULL DEFAULT 0,
  priority        INTEGER NOT NULL,
  due_at          INTEGER NOT NULL,
  enqueued_at     INTEGER NOT NULL,
  expires_at      INTEGER,
  version         INTEGER NOT NULL,
  queue           TEXT    NOT NULL,
  name            TEXT    NOT NULL,
  unique_key      TEXT,
  concurrency_key TEXT,
  batch_id        TEXT,
  meta            TEXT,
  -- Last, because it may be long: the columns before it can be read without it.
  arguments       TEXT    NOT NULL
) STRICT;

CREATE UNIQUE INDEX jobs_id ON jobs (id);
-- `due_at` is included so that the latency of a queue is read from the index alone.
CREATE INDEX jobs_ready ON jobs (queue, priority DESC, seq, due_at) WHERE state = 2;
CREATE INDEX jobs_scheduled ON jobs (due_at) WHERE state = 0;
CREATE INDEX jobs_claimed ON jobs (process) WHERE state = 3;
CREATE INDEX jobs_resting ON jobs (state, id) WHERE state = 1 OR state = 4 OR state = 6;

-- Errors of attempts, the oldest first. By the job's id, so that settling does not need `seq`.
CREATE TABLE errors (
  job         BLOB    NOT NULL,
  n           INTEGER NOT NULL,
  class       TEXT    NOT NULL,
  message     TEXT    NOT NULL,
  -- A JSON list of texts, or NULL if there are none.
  causes      TEXT,
  attempt     INTEGER NOT NULL,
  duration_ms INTEGER NOT NULL,
  at          INTEGER NOT NULL,
  PRIMARY KEY (job, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE processes (
  id           INTEGER PRIMARY KEY,
  name         TEXT    NOT NULL,
  host         TEXT    NOT NULL,
  pid          INTEGER NOT NULL,
  phase        TEXT    NOT NULL,
  started_at   INTEGER NOT NULL,
  heartbeat_at INTEGER NOT NULL,
  -- 1 after the process was given up as dead, so that it learns of it if it comes back.
  lost         INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE paused_queues (
  queue TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;

-- The number of finished jobs. There may be millions, and counting would read them all.
CREATE TABLE finished (
  id    INTEGER PRIMARY KEY CHECK (id = 1),
  count INTEGER NOT NULL
) STRICT;

INSERT INTO finished (id, count) VALUES (1, 0);

-- Counts the transactions that brought new work, so that other processes notice it.
CREATE TABLE wakeups (
  id    INTEGER PRIMARY KEY CHECK (id = 1),
  count INTEGER NOT NULL
) STRICT;

INSERT INTO wakeups (id, count) VALUES (1, 0);
