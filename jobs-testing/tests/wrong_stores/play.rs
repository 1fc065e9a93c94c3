//! Runs a case on a store and returns whether it passed.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use jobs_core::Clock;
use jobs_memory::MemoryStore;
use jobs_testing::contract::{Case, Fixture, Requirement, StoreUnderTest};
use jobs_testing::{PassThrough, PassThroughStore};

/// Whether the store keeps the promise. Time is tokio's paused one, so that a deadline is over at once.
fn keeps(case: Case, open: impl FnOnce(Arc<dyn Clock>) -> StoreUnderTest) -> bool {
    let mut builder = tokio::runtime::Builder::new_current_thread();
    let runtime = builder.enable_time().start_paused(true).build().expect("a runtime starts");
    let play = async {
        let fixture = Fixture::open(async |clock| open(clock)).await.expect("there is a store");
        case.play(fixture).await;
    };
    catch_unwind(AssertUnwindSafe(|| runtime.block_on(play))).is_ok()
}

#[expect(clippy::panic, reason = "an unknown name is a mistake in the test")]
fn case(name: &str) -> Case {
    Case::named(name).unwrap_or_else(|| panic!("there is no case `{name}`"))
}

/// Whether the store keeps the promise, if it says that it lacks these.
pub(crate) fn keeps_without<P: PassThrough>(wrong: fn(MemoryStore) -> P, lacking: &[Requirement], name: &str) -> bool {
    keeps(case(name), |clock| {
        let store = StoreUnderTest::new(Arc::new(PassThroughStore(wrong(MemoryStore::new(clock)))));
        lacking.iter().fold(store, |store, requirement| store.without(*requirement))
    })
}

/// The wrong store fails each of the named cases, the correct store passes them.
#[track_caller]
pub(crate) fn is_caught_by<P: PassThrough>(wrong: fn(MemoryStore) -> P, names: &[&str]) {
    for name in names {
        let correct = |clock| StoreUnderTest::new(Arc::new(MemoryStore::new(clock)));
        assert!(keeps(case(name), correct), "the correct store passes `{name}`");
        assert!(!keeps_without(wrong, &[], name), "the wrong store is caught by `{name}`");
    }
}

/// A store that fails every case would prove nothing: this wrong store passes this case.
#[track_caller]
pub(crate) fn passes<P: PassThrough>(wrong: fn(MemoryStore) -> P, name: &str) {
    assert!(keeps_without(wrong, &[], name), "the wrong store passes `{name}`");
}
