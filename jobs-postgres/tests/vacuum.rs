//! The store removes dead rows before the server does.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on is to stop")]

mod common;

use common::role::Role;
use common::{DEADLINE, TestDb, count, enqueue, work};
use jobs_core::State;
use tokio::time::timeout;

/// How often the table was vacuumed by a command, and not by the server itself.
async fn vacuums(db: &TestDb) -> i64 {
    let words = "SELECT vacuum_count FROM pg_stat_all_tables WHERE schemaname = $1 AND relname = 'jobs'";
    db.stranger().await.query_one(words, &[&db.schema]).await.unwrap().get(0)
}

#[tokio::test]
async fn a_store_that_settles_many_jobs_removes_the_dead_rows() {
    let Some(db) = TestDb::new() else { return };
    let store = db.options().vacuum_after(50).connect().await.unwrap();
    enqueue(&store, 1..101).await;
    assert_eq!(work(&store, 40).await.len(), 40);
    assert_eq!(vacuums(&db).await, 0, "too few yet");
    assert_eq!(work(&store, 60).await.len(), 60);
    let seen = async {
        while vacuums(&db).await == 0 {
            tokio::task::yield_now().await;
        }
    };
    timeout(DEADLINE, seen).await.expect("it is vacuumed");
}

#[tokio::test]
async fn work_continues_if_the_table_cannot_be_vacuumed() {
    let Some(db) = TestDb::new() else { return };
    let store = db.open().await;
    enqueue(&store, 1..11).await;
    let role = Role::without_create(&db.url, "").await;
    let rights = format!(
        "GRANT USAGE ON SCHEMA {{schema}} TO {0}; GRANT ALL ON ALL TABLES IN SCHEMA {{schema}} TO {0};
         GRANT ALL ON ALL SEQUENCES IN SCHEMA {{schema}} TO {0}",
        role.name
    );
    db.run(&rights).await;
    let guest = db.by_url(&role.url).vacuum_after(1).connect().await.unwrap();
    for _ in 0..10 {
        assert_eq!(work(&guest, 1).await.len(), 1);
    }
    assert_eq!(count(&store, State::Finished).await, 10);
}
