//! Connections to a server that wait for a lock, and connections that are killed.

use std::time::Duration;

use jobs_sql::Transaction;

use super::{Kind, TestDb};

/// Waits until another connection waits for a lock of this transaction. Answers its number on the server.
pub(crate) async fn waiting_for(db: &TestDb, holder: &mut Transaction) -> i64 {
    let own = if db.kind == Kind::Postgres { "SELECT pg_backend_pid()" } else { "SELECT CONNECTION_ID()" };
    let holder = holder.query(own, &[]).await.unwrap()[0].int(0).unwrap();
    let waiting = match db.kind {
        Kind::Postgres => format!("SELECT pid FROM pg_stat_activity WHERE {holder} = ANY(pg_blocking_pids(pid))"),
        _ => format!(
            "SELECT CAST(waiting.trx_mysql_thread_id AS SIGNED) FROM information_schema.innodb_lock_waits w \
             JOIN information_schema.innodb_trx waiting ON waiting.trx_id = w.requesting_trx_id \
             JOIN information_schema.innodb_trx holding ON holding.trx_id = w.blocking_trx_id \
             WHERE holding.trx_mysql_thread_id = {holder}"
        ),
    };
    // MariaDB does not look anew at its transactions while it is asked more often than ten times a second.
    let mut pause = tokio::time::interval(Duration::from_millis(200));
    loop {
        pause.tick().await;
        if let Some(row) = db.rows(&waiting).await.first() {
            return row.int(0).unwrap();
        }
    }
}

/// The connections to the tables of this test, except those of the test itself.
pub(crate) async fn others(db: &TestDb) -> Vec<i64> {
    let select = match db.kind {
        Kind::Postgres => {
            "SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND application_name = current_schema()::text"
        }
        _ => {
            "SELECT CAST(id AS SIGNED) FROM information_schema.processlist WHERE db = DATABASE() AND id <> CONNECTION_ID()"
        }
    };
    db.rows(select).await.iter().map(|row| row.int(0).unwrap()).collect()
}

/// Ends a connection.
pub(crate) async fn kill(db: &TestDb, connection: i64) {
    let statement = match db.kind {
        Kind::Postgres => format!("SELECT pg_terminate_backend({connection})::text"),
        _ => format!("KILL {connection}"),
    };
    // It may have ended before.
    let _answer = db.database.query(&statement, &[], super::DOING).await;
}
