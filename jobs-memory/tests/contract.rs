//! The contract that every store passes.

use std::sync::Arc;

use jobs_core::Clock;
use jobs_memory::MemoryStore;
use jobs_testing::contract::StoreUnderTest;

async fn open(clock: Arc<dyn Clock>) -> StoreUnderTest {
    StoreUnderTest::new(Arc::new(MemoryStore::new(clock)))
}

jobs_testing::store_contract!(open);
