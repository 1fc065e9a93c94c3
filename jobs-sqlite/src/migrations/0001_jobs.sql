-- Jobs with their errors, the processes that hold them, and the queues that are paused.
--
-- `state` is the place of a state in `State::ALL`: 0 scheduled, 1 blocked, 2 ready, 3 claimed, 4 failed,
-- 5 finished, 6 discarded. Queries name it as a literal, or the partial indexes are not used.
-- Times are microseconds since 1970-01-01T00:00:00Z.
--
-- A finished job stays in its row: that is one rewrite on a page that is in memory anyway, where a move to
-- another table is a delete and two inserts. The partial indexes keep it out of the way of claims.

CREATE TABLE jobs (
  -- The order of arrival, and so the order of claims within a priority.
  seq             INTEGER PRIMARY KEY,
  id              BLOB    NOT NULL CHECK (length(id) = 16),
  state           INTEGER NOT NULL,
  -- Who holds it, while it is claimed.
  process         INTEGER,
  done_at         INTEGER,
  -- How often it was claimed; never falls. Part of the claim token.
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
  -- Last, because it may be long: what stands before it is read without it.
  arguments       TEXT    NOT NULL
) STRICT;

CREATE UNIQUE INDEX jobs_id ON jobs (id);
-- `due_at` is there so that the latency of a queue is read from the index alone.
CREATE INDEX jobs_ready ON jobs (queue, priority DESC, seq, due_at) WHERE state = 2;
CREATE INDEX jobs_scheduled ON jobs (due_at) WHERE state = 0;
CREATE INDEX jobs_claimed ON jobs (process) WHERE state = 3;
CREATE INDEX jobs_resting ON jobs (state, id) WHERE state = 1 OR state = 4 OR state = 6;

-- Why attempts ended, the first first. By the job's id, so that settling needs no look at `seq`.
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
  -- 1 after it was given up as dead, so that it can be told so if it comes back.
  lost         INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE paused_queues (
  queue TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;

-- How many jobs are finished: there may be millions, and to count them would read them all.
CREATE TABLE finished (
  id    INTEGER PRIMARY KEY CHECK (id = 1),
  count INTEGER NOT NULL
) STRICT;

INSERT INTO finished (id, count) VALUES (1, 0);

-- Counts the transactions that gave other processes a reason to look for work.
CREATE TABLE wakeups (
  id    INTEGER PRIMARY KEY CHECK (id = 1),
  count INTEGER NOT NULL
) STRICT;

INSERT INTO wakeups (id, count) VALUES (1, 0);
