//! The contract that every store passes.

mod common;

use std::sync::Arc;

use common::{NO_SERVER, TestDb};
use jobs_core::{Clock, Guarantees, Store, SystemClock};
use jobs_testing::contract::StoreUnderTest;

async fn open(clock: Arc<dyn Clock>) -> StoreUnderTest {
    let Some(db) = TestDb::found() else { return StoreUnderTest::skipped(NO_SERVER) };
    let options = db.quick(clock);
    let store: Arc<dyn Store> = Arc::new(options.clone().connect().await.expect("a new schema is made"));
    let reopen = move || {
        let options = options.clone();
        async move { Arc::new(options.connect().await.expect("the schema is opened again")) as Arc<dyn Store> }
    };
    StoreUnderTest::new(store).reopen(reopen).keeping(db)
}

jobs_testing::store_contract!(open);

#[tokio::test]
async fn the_store_gives_every_guarantee() {
    let Some(db) = TestDb::found() else { return jobs_testing::skip(NO_SERVER) };
    let store = db.quick(Arc::new(SystemClock)).connect().await.expect("a new schema is made");
    // The guide's table of stores says so.
    assert_eq!(store.guarantees(), Guarantees::ALL);
}
