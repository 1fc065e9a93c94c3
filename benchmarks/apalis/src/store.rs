//! The store, with the same durability as the others.

use apalis_sqlite::{Config, SqliteConnectOptions, SqlitePool, SqlitePoolOptions, SqliteStorage};
use bench_protocol::{Outcome, Payload, Task};
use sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};

/// The name of the queue.
pub(crate) const QUEUE: &str = "payments";

/// Opens the file. `SqliteStorage::setup` would switch synchronous writes off on one connection of the pool and
/// leave them full on all others; here all connections have the setting of `jobs`.
pub(crate) async fn open(task: &Task) -> Outcome<SqlitePool> {
    let options = SqliteConnectOptions::new()
        .filename(task.database())
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Normal);
    let pool = if is_tuned(task) {
        // One connection: SQLite has one writer anyway, and connections that wait for it sleep.
        SqlitePoolOptions::new().max_connections(1).connect_with(options).await?
    } else {
        SqlitePool::connect_with(options).await?
    };
    SqliteStorage::migrations().run(&pool).await?;
    Ok(pool)
}

/// The storage of the benchmark job.
pub(crate) fn storage(task: &Task, pool: &SqlitePool) -> SqliteStorage<Payload> {
    let config = Config::default().queue(QUEUE);
    let config = if is_tuned(task) { tuned(config) } else { config };
    SqliteStorage::new(pool).with_config(config)
}

/// Larger batches (even larger ones were slower), and no second write when a job starts. The result is written, because
/// otherwise a job would never be marked as done.
fn tuned(config: Config) -> Config {
    config.batch_size(100).lock_tasks(false)
}

pub(crate) fn is_tuned(task: &Task) -> bool {
    task.contestant == "apalis-sqlite (tuned)"
}
