//! The contract that every store passes.

mod common;

use std::sync::Arc;

use common::{NO_SERVER, TestDb};
use jobs_core::{
    AttemptCounting, AttemptLogs, ClaimOrder, Clock, Guarantees, Identity, Retention, Store, SystemClock, Uniqueness,
};
use jobs_testing::contract::StoreUnderTest;

async fn open(clock: Arc<dyn Clock>) -> StoreUnderTest {
    let Some(db) = TestDb::found().await else { return StoreUnderTest::skipped(NO_SERVER) };
    let options = db.by(clock);
    let store: Arc<dyn Store> = Arc::new(options.clone().connect().await.expect("the server answers"));
    let reopen = move || {
        let options = options.clone();
        async move { Arc::new(options.connect().await.expect("the server answers again")) as Arc<dyn Store> }
    };
    StoreUnderTest::new(store).reopen(reopen).keeping(db)
}

jobs_testing::store_contract!(open);

#[tokio::test]
async fn the_store_says_which_guarantees_it_gives() {
    let Some(db) = TestDb::new().await else { return };
    let store = db.by(Arc::new(SystemClock)).connect().await.expect("the server answers");
    // The guide's table of stores says so.
    let expected = Guarantees::ALL
        .with_identity(Identity::AtLeastOnce)
        .with_order(ClaimOrder::QueueFifo)
        .with_retention(Retention::FailedOnly)
        .with_uniqueness(Uniqueness::Unsupported)
        .with_attempts(AttemptCounting::AtFailure)
        .with_attempt_logs(AttemptLogs::Unsupported);
    assert_eq!(store.guarantees(), expected);
}
