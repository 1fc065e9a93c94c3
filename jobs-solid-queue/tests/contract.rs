//! The contract that every store passes, on each database that is there.

mod common;

use std::sync::Arc;

use common::{Kind, TestDb};
use jobs_core::{AttemptLogs, Clock, Guarantees, Identity, Retention, Store, Uniqueness};
use jobs_testing::contract::StoreUnderTest;

async fn open_on(kind: Kind, clock: Arc<dyn Clock>) -> StoreUnderTest {
    let Some(db) = TestDb::found(kind).await else { return StoreUnderTest::skipped(kind.missing()) };
    if kind == Kind::MariaDb {
        // In the tables of Rails a job has at most 65,535 bytes there.
        db.run("ALTER TABLE solid_queue_jobs MODIFY arguments mediumtext", &[]).await;
    }
    let options = db.by(clock);
    let store: Arc<dyn Store> = Arc::new(options.clone().connect().await.expect("the database answers"));
    let reopen = move || {
        let options = options.clone();
        async move { Arc::new(options.connect().await.expect("the database answers again")) as Arc<dyn Store> }
    };
    StoreUnderTest::new(store).reopen(reopen).keeping(db)
}

mod postgres {
    use super::*;

    async fn open(clock: Arc<dyn Clock>) -> StoreUnderTest {
        open_on(Kind::Postgres, clock).await
    }

    jobs_testing::store_contract!(open);
}

mod sqlite {
    use super::*;

    async fn open(clock: Arc<dyn Clock>) -> StoreUnderTest {
        open_on(Kind::Sqlite, clock).await
    }

    jobs_testing::store_contract!(open);
}

mod mariadb {
    use super::*;

    async fn open(clock: Arc<dyn Clock>) -> StoreUnderTest {
        open_on(Kind::MariaDb, clock).await
    }

    jobs_testing::store_contract!(open);
}

#[tokio::test]
async fn the_store_says_which_guarantees_it_gives() {
    let db = TestDb::new(Kind::Sqlite).await.expect("SQLite is always there");
    // The guide's table of stores says so.
    let expected = Guarantees::ALL
        .with_identity(Identity::AtLeastOnce)
        .with_uniqueness(Uniqueness::Unsupported)
        .with_attempt_logs(AttemptLogs::Unsupported);
    assert_eq!(db.open().await.guarantees(), expected);
    let unkept = db.options().preserve_finished_jobs(false).connect().await.unwrap();
    assert_eq!(unkept.guarantees(), expected.with_retention(Retention::FailedOnly));
}
