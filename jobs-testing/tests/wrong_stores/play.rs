//! Runs a case on a store and returns whether it passed.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use jobs_core::Clock;
use jobs_memory::MemoryStore;
use jobs_testing::contract::{Case, Fixture, StoreUnderTest};
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

/// Whether a store keeps the promise, or what it promises instead.
pub(crate) fn holds<P: PassThrough>(open: impl FnOnce(MemoryStore) -> P, name: &str) -> bool {
    keeps(case(name), |clock| StoreUnderTest::new(Arc::new(PassThroughStore(open(MemoryStore::new(clock))))))
}

/// The wrong store fails each of the named cases, the correct store passes them.
#[track_caller]
pub(crate) fn is_caught_by<P: PassThrough>(wrong: fn(MemoryStore) -> P, names: &[&str]) {
    for name in names {
        let correct = |clock| StoreUnderTest::new(Arc::new(MemoryStore::new(clock)));
        assert!(keeps(case(name), correct), "the correct store passes `{name}`");
        assert!(!holds(wrong, name), "the wrong store is caught by `{name}`");
    }
}

/// A store that fails every case would prove nothing: this wrong store passes this case.
#[track_caller]
pub(crate) fn passes<P: PassThrough>(wrong: fn(MemoryStore) -> P, name: &str) {
    assert!(holds(wrong, name), "the wrong store passes `{name}`");
}
