//! The adapter for `test:`, and finding the test that owns the store of a client.

use std::ptr;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use jobs_core::{Adapter, Clock, Error, Opening, Store, SystemClock};
use jobs_runtime::Client;

use crate::kit::store::state::KitState;
use crate::kit::store::test_store::TestStore;
use crate::{FaultyStore, ManualClock, Recorder};

jobs_core::inventory::submit! {
    Adapter::new(&["test"], open)
}

/// The stores of tests in this process. Each lives as long as its client.
static OPENED: Mutex<Vec<Opened>> = Mutex::new(Vec::new());

struct Opened {
    faults: Weak<FaultyStore>,
    store: Weak<TestStore>,
    clock: ManualClock,
}

/// A new, empty store that performs nothing by itself.
fn open(url: &str) -> Opening {
    let opened = match url.split_once(':') {
        Some((_, "" | "//")) => Ok(empty() as Arc<dyn Store>),
        _ => Err(Error::invalid("the URL of the store of a test has nothing behind its colon; write `test:`")),
    };
    Box::pin(std::future::ready(opened))
}

fn empty() -> Arc<FaultyStore> {
    let clock = ManualClock::new();
    clock.set(SystemClock.now());
    let store = Arc::new(TestStore::new(&clock));
    let faults = Arc::new(FaultyStore::new(Arc::clone(&store) as Arc<dyn Store>));
    remember(&faults, &store, &clock);
    faults
}

pub(crate) fn remember(faults: &Arc<FaultyStore>, store: &Arc<TestStore>, clock: &ManualClock) {
    let mut opened = OPENED.lock().unwrap_or_else(PoisonError::into_inner);
    opened.retain(|one| one.faults.strong_count() > 0);
    opened.push(Opened { faults: Arc::downgrade(faults), store: Arc::downgrade(store), clock: clock.clone() });
}

/// The test that owns the store of this client.
pub(crate) fn recall(jobs: &Client) -> Result<KitState, Error> {
    let opened = OPENED.lock().unwrap_or_else(PoisonError::into_inner);
    let reached = Arc::as_ptr(jobs.store());
    let found = opened.iter().find_map(|one| {
        let faults = one.faults.upgrade().filter(|faults| ptr::addr_eq(Arc::as_ptr(faults), reached))?;
        Some((faults, one.store.upgrade()?, one.clock.clone()))
    });
    let (faults, store, clock) = found.ok_or_else(|| {
        Error::invalid(format!(
            "`TestJobs::of` needs a client whose store was opened as `test:`, where jobs wait for the test; \
             this one uses {:?}",
            jobs.store()
        ))
    })?;
    Ok(KitState { jobs: jobs.clone(), store, faults, clock, recorder: Recorder::new() })
}
