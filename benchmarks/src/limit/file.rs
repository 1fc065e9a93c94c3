//! The file: its schema, its settings, and the check of its content.

use bench_protocol::{Outcome, Task};
use rusqlite::Connection;

const SCHEMA: &str = "
CREATE TABLE IF NOT EXISTS jobs (
  seq         INTEGER PRIMARY KEY,
  id          BLOB    NOT NULL,
  state       INTEGER NOT NULL,
  process     INTEGER,
  done_at     INTEGER,
  claims      INTEGER NOT NULL DEFAULT 0,
  priority    INTEGER NOT NULL,
  due_at      INTEGER NOT NULL,
  enqueued_at INTEGER NOT NULL,
  queue       TEXT    NOT NULL,
  name        TEXT    NOT NULL,
  arguments   TEXT    NOT NULL
) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS jobs_id ON jobs (id);
CREATE INDEX IF NOT EXISTS jobs_ready ON jobs (queue, priority DESC, seq) WHERE state = 2;
";

/// The settings of `jobs`, so that the durability is the same.
const SETTINGS: &str = "
PRAGMA journal_mode = wal;
PRAGMA synchronous = normal;
PRAGMA wal_autocheckpoint = 10000;
PRAGMA cache_size = -16384;
PRAGMA temp_store = memory;
";

/// Opens the file, and creates it if it does not exist.
pub(super) fn open(task: &Task) -> Outcome<Connection> {
    let connection = Connection::open(task.database())?;
    connection.execute_batch(SETTINGS)?;
    connection.execute_batch(SCHEMA)?;
    Ok(connection)
}

/// Checks that `finished` jobs are finished, `ready` jobs are ready, and that there are no others.
pub(super) fn check(task: &Task, finished: u64, ready: u64) -> Outcome<()> {
    let connection = open(task)?;
    let count = |which: &str| -> Outcome<u64> {
        let count: i64 = connection.query_row(&format!("SELECT count(*) FROM jobs {which}"), [], |row| row.get(0))?;
        Ok(u64::try_from(count)?)
    };
    let found = (count("WHERE state = 5")?, count("WHERE state = 2")?, count("")?);
    let kept = if keeps_finished(task) { finished } else { 0 };
    if found == (kept, ready, kept + ready) {
        return Ok(());
    }
    Err(format!("the file shows (finished, ready, all) = {found:?}, it should be {kept}, {ready}, their sum").into())
}

/// Whether finished rows are kept.
pub(super) fn keeps_finished(task: &Task) -> bool {
    task.contestant.starts_with("limit (keep)")
}
