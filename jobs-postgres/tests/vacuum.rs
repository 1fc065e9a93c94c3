//! Dead rows are removed where they are made, before the server looks for them.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on is to stop")]

mod common;

use common::role::Role;
use common::{DEADLINE, Place, count, enqueue, work};
use jobs_core::State;
use tokio::time::timeout;

/// How often the table was vacuumed by a command, and not by the server itself.
async fn vacuums(place: &Place) -> i64 {
    let words = "SELECT vacuum_count FROM pg_stat_all_tables WHERE schemaname = $1 AND relname = 'jobs'";
    place.stranger().await.query_one(words, &[&place.schema]).await.unwrap().get(0)
}

#[tokio::test]
async fn a_store_that_works_off_much_removes_the_dead_rows() {
    let Some(place) = Place::new() else { return };
    let store = place.options().vacuum_after(50).connect().await.unwrap();
    enqueue(&store, 1..101).await;
    assert_eq!(work(&store, 40).await.len(), 40);
    assert_eq!(vacuums(&place).await, 0, "too few yet");
    assert_eq!(work(&store, 60).await.len(), 60);
    let seen = async {
        while vacuums(&place).await == 0 {
            tokio::task::yield_now().await;
        }
    };
    timeout(DEADLINE, seen).await.expect("it is vacuumed");
}

#[tokio::test]
async fn work_goes_on_where_the_table_cannot_be_vacuumed() {
    let Some(place) = Place::new() else { return };
    let store = place.open().await;
    enqueue(&store, 1..11).await;
    let role = Role::without_create(&place.url, "").await;
    let rights = format!(
        "GRANT USAGE ON SCHEMA {{schema}} TO {0}; GRANT ALL ON ALL TABLES IN SCHEMA {{schema}} TO {0};
         GRANT ALL ON ALL SEQUENCES IN SCHEMA {{schema}} TO {0}",
        role.name
    );
    place.run(&rights).await;
    let guest = place.by_url(&role.url).vacuum_after(1).connect().await.unwrap();
    for _ in 0..10 {
        assert_eq!(work(&guest, 1).await.len(), 1);
    }
    assert_eq!(count(&store, State::Finished).await, 10);
}
