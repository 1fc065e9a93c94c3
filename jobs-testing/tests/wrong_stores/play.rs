//! Runs a case on a store and returns whether it passed.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use jobs_core::{Clock, Store};
use jobs_memory::MemoryStore;
use jobs_testing::contract::{Case, Fixture, StoreUnderTest};
use jobs_testing::{PassThrough, PassThroughStore};

/// Whether the store keeps the promise. Time is tokio's paused one, so that a deadline is over at once.
fn keeps(case: Case, open: impl FnOnce(Arc<dyn Clock>) -> Arc<dyn Store>) -> bool {
    let mut builder = tokio::runtime::Builder::new_current_thread();
    let runtime = builder.enable_time().start_paused(true).build().expect("a runtime starts");
    let play = async {
        let fixture = Fixture::open(async |clock| StoreUnderTest::new(open(clock))).await.expect("there is a store");
        case.play(fixture).await;
    };
    catch_unwind(AssertUnwindSafe(|| runtime.block_on(play))).is_ok()
}

#[expect(clippy::panic, reason = "an unknown name is a mistake in the test")]
fn case(name: &str) -> Case {
    Case::named(name).unwrap_or_else(|| panic!("there is no case `{name}`"))
}

/// The wrong store fails each of the named cases, the true store passes them.
#[track_caller]
pub(crate) fn is_caught_by<B: PassThrough>(break_it: fn(MemoryStore) -> B, names: &[&str]) {
    for name in names {
        assert!(keeps(case(name), |clock| Arc::new(MemoryStore::new(clock))), "the true store passes `{name}`");
        let wrong = |clock| Arc::new(PassThroughStore(break_it(MemoryStore::new(clock)))) as Arc<dyn Store>;
        assert!(!keeps(case(name), wrong), "the wrong store is caught by `{name}`");
    }
}

/// A store that fails every case would prove nothing: this wrong store passes this case.
#[track_caller]
pub(crate) fn passes<B: PassThrough>(break_it: fn(MemoryStore) -> B, name: &str) {
    let wrong = |clock| Arc::new(PassThroughStore(break_it(MemoryStore::new(clock)))) as Arc<dyn Store>;
    assert!(keeps(case(name), wrong), "the wrong store is right in `{name}`");
}
