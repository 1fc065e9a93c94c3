//! The builder of `TestJobs`.

use std::sync::Arc;

use jobs_core::{Clock, Definition, Policy, Store, SystemClock, Timestamp};
use jobs_runtime::{Runtime, RuntimeBuilder};

use crate::kit::TestJobs;
use crate::kit::store::immediate::at_once;
use crate::kit::store::state::KitState;
use crate::kit::store::test_store::TestStore;
use crate::kit::store::url;
use crate::{FaultyStore, ManualClock, Recorder, SeededEntropy};

/// Collects the settings of a test's jobs. Made by [`TestJobs::builder`].
#[derive(Debug)]
#[must_use = "a builder does nothing until `.build()`"]
pub struct TestJobsBuilder {
    runtime: RuntimeBuilder,
    clock: ManualClock,
    recorder: Recorder,
}

impl TestJobsBuilder {
    pub(crate) fn new() -> Self {
        let (clock, recorder) = (ManualClock::new(), Recorder::new());
        clock.set(SystemClock.now());
        let watch = recorder.watch();
        let runtime = Runtime::builder().clock(Arc::new(clock.clone())).watch(move |event| watch(event));
        Self { runtime, clock, recorder }.seed(0)
    }

    /// A value that is provided to jobs as `&T`: usually a fake.
    pub fn provide<T: Send + Sync + 'static>(self, value: T) -> Self {
        self.configure(|runtime| runtime.provide(value))
    }

    /// Only these jobs, instead of all that `#[job]` registered in the linked crates.
    pub fn register(self, definitions: impl IntoIterator<Item = Definition>) -> Self {
        self.configure(|runtime| runtime.register(definitions))
    }

    /// Rules and callbacks under those of every job and base, as the program has them.
    pub fn defaults(self, defaults: Policy) -> Self {
        self.configure(|runtime| runtime.defaults(defaults))
    }

    /// The initial time of the clock. Without this, the time of the machine.
    pub fn at(self, time: impl Into<Timestamp>) -> Self {
        self.clock.set(time.into());
        self
    }

    /// Another seed for ids and jitter. Without it, the seed is 0; either way each run draws the same values.
    pub fn seed(self, seed: u64) -> Self {
        self.configure(|runtime| runtime.entropy(Arc::new(SeededEntropy::new(seed))))
    }

    /// All other settings of the runtime: names of queues, limits, watchers.
    ///
    /// ```
    /// # use jobs_testing::TestJobs;
    /// let builder = TestJobs::builder().configure(|runtime| runtime.argument_limit(1000));
    /// # drop(builder);
    /// ```
    pub fn configure(self, settings: impl FnOnce(RuntimeBuilder) -> RuntimeBuilder) -> Self {
        Self { runtime: settings(self.runtime), ..self }
    }

    /// An empty store with these jobs.
    ///
    /// # Panics
    /// The runtime cannot be built: a job needs a value that is not provided, two jobs share a name, or there is
    /// no job at all. The message is the runtime's.
    #[track_caller]
    pub fn build(self) -> TestJobs {
        let Self { runtime, clock, recorder } = self;
        let store = Arc::new(TestStore::new(&clock));
        let faults = Arc::new(FaultyStore::new(Arc::clone(&store) as Arc<dyn Store>));
        url::remember(&faults, &store, &clock);
        let built = at_once(Box::pin(async { Ok::<_, ()>(runtime.store(faults.clone()).build().await) }));
        match built {
            Ok(runtime) => TestJobs::whole(KitState { jobs: runtime.client(), store, faults, clock, recorder }),
            Err(error) => panic!("the jobs of the test cannot be put together: {error}"),
        }
    }
}
