//! The contract of a store that gives every weaker guarantee.

mod store;

use std::sync::Arc;

use jobs_core::Clock;
use jobs_memory::MemoryStore;
use jobs_testing::PassThroughStore;
use jobs_testing::contract::StoreUnderTest;

use crate::store::LimitedStore;

async fn open(clock: Arc<dyn Clock>) -> StoreUnderTest {
    StoreUnderTest::new(Arc::new(PassThroughStore(LimitedStore::new(MemoryStore::new(clock)))))
}

jobs_testing::store_contract!(open);
