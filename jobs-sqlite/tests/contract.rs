//! The contract that every store passes.

use std::sync::Arc;

use jobs_core::{Clock, Store};
use jobs_sqlite::SqliteOptions;
use jobs_testing::contract::StoreUnderTest;

async fn open(clock: Arc<dyn Clock>) -> StoreUnderTest {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let options = SqliteOptions::new(folder.path().join("jobs.db")).clock(clock);
    let store: Arc<dyn Store> = Arc::new(options.clone().open().expect("a new file is opened"));
    let reopen = move || {
        let options = options.clone();
        async move { Arc::new(options.open().expect("the file is opened again")) as Arc<dyn Store> }
    };
    StoreUnderTest::new(store).reopen(reopen).keeping(folder)
}

jobs_testing::store_contract!(open);
