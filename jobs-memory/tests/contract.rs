//! The contract that every store passes.

use std::sync::Arc;

use jobs_core::Clock;
use jobs_memory::MemoryStore;
use jobs_testing::contract::Subject;

async fn open(clock: Arc<dyn Clock>) -> Subject {
    Subject::new(Arc::new(MemoryStore::new(clock)))
}

jobs_testing::store_contract!(open);
