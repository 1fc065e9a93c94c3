//! The jobs of one test.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use jobs_core::{Error, Job, Timestamp};
use jobs_runtime::Client;

use crate::kit::store::Sequence;
use crate::kit::store::state::KitState;
use crate::kit::store::url;
use crate::kit::view::filter::ViewFilter;
use crate::kit::{Seen, TestJobsBuilder};
use crate::{EnterGuard, FaultyStore, ManualClock, Recorder};

/// The jobs of one test: isolated from other tests, performed when the test asks, by a clock that the test
/// moves.
///
/// A `TestJobs` is a view. [`only`](Self::only), [`except`](Self::except), [`queue`](Self::queue),
/// [`from_now`](Self::from_now) and [`during`](Self::during) return views of the same jobs that see fewer of them;
/// every assertion, list and drain is about what its view sees. Clones see the same.
///
/// ```
/// # use jobs_core::{Context, Job, Settings};
/// # #[derive(serde::Serialize, serde::Deserialize)]
/// # struct Greet { name: String }
/// # impl Job for Greet {
/// #     type Output = ();
/// #     type Error = std::io::Error;
/// #     const SETTINGS: Settings = Settings::new("greet");
/// #     async fn perform(self, _context: &Context) -> Result<(), std::io::Error> { Ok(()) }
/// # }
/// # use jobs_runtime::JobExt;
/// use jobs_testing::TestJobs;
///
/// # let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime starts");
/// # runtime.block_on(async {
/// let test = TestJobs::builder().register([jobs_core::Definition::of::<Greet>()]).build();
/// test.scope(async { Greet { name: "Ada".to_owned() }.enqueue().await }).await.expect("it is enqueued");
/// test.assert_enqueued_with(Greet { name: "Ada".to_owned() });
///
/// test.perform_enqueued_jobs().await.expect("it succeeds");
/// test.only::<Greet>().assert_performed_jobs(1);
/// # });
/// ```
#[derive(Clone)]
pub struct TestJobs {
    pub(crate) state: Arc<KitState>,
    pub(crate) filter: ViewFilter,
    pub(crate) since: Sequence,
}

impl TestJobs {
    /// All jobs that `#[job]` registered in the linked crates, over an empty store.
    ///
    /// # Panics
    /// A job needs a provided value, which [`builder`](Self::builder) takes. Or as [`TestJobsBuilder::build`].
    #[track_caller]
    #[expect(clippy::new_without_default, reason = "a default that panics would surprise")]
    pub fn new() -> Self {
        Self::builder().build()
    }

    /// A builder, for provided values and other settings.
    pub fn builder() -> TestJobsBuilder {
        TestJobsBuilder::new()
    }

    /// The jobs behind a client whose store was opened as `test:`, for tests of a program that builds its runtime
    /// itself. The client's runtime keeps its own clock; the store goes by that of the test. No
    /// [`recorder`](Self::recorder) sees an event.
    ///
    /// # Errors
    /// The client's store is another one, where jobs do not wait for the test.
    pub fn of(jobs: &Client) -> Result<Self, Error> {
        url::recall(jobs).map(Self::whole)
    }

    pub(crate) fn whole(state: KitState) -> Self {
        Self { state: Arc::new(state), filter: ViewFilter::default(), since: 0 }
    }

    /// The client to enqueue with.
    pub fn client(&self) -> &Client {
        &self.state.jobs
    }

    /// Runs the code under test: what it enqueues or performs without an explicit client, however deep inside, is of
    /// this test. A task that it spawns is not in the scope; see [`enter`](Self::enter).
    ///
    /// As cancel safe as `code`.
    pub async fn scope<F: Future>(&self, code: F) -> F::Output {
        self.state.jobs.scope(code).await
    }

    /// Like [`scope`](Self::scope), for the rest of a test on one thread, as `#[tokio::test]` is, and for all tasks
    /// that are spawned on it.
    #[must_use = "the handle is in force until this is dropped"]
    pub fn enter(&self) -> EnterGuard {
        self.state.jobs.enter()
    }

    /// The time of the clock. It stands still unless the test moves it.
    pub fn now(&self) -> Timestamp {
        self.state.now()
    }

    /// The clock, for code under test that takes one.
    pub fn clock(&self) -> &ManualClock {
        &self.state.clock
    }

    /// Moves the clock forward. Jobs that become due are performed by the next drain.
    pub fn travel(&self, by: Duration) {
        self.travel_to(self.now() + by);
    }

    /// Sets the clock, forward or back.
    pub fn travel_to(&self, time: impl Into<Timestamp>) {
        self.state.go_to(time.into());
    }

    /// The events of this test.
    pub fn recorder(&self) -> &Recorder {
        &self.state.recorder
    }

    /// The store as the code under test sees it; it fails on demand. The drains of the test bypass the faults.
    pub fn faults(&self) -> &FaultyStore {
        &self.state.faults
    }

    /// Sees only jobs of this type. Called again: of any of these types.
    pub fn only<J: Job>(&self) -> Self {
        self.choose(ViewFilter::only::<J>)
    }

    /// Sees only jobs that the function accepts. Called again, or with [`only`](Self::only): jobs that any of them
    /// accepts.
    pub fn only_if(&self, wanted: impl Fn(&Seen) -> bool + Send + Sync + 'static) -> Self {
        self.choose(|filter| filter.only_if(wanted))
    }

    /// Sees no jobs of this type, even if another filter accepts them.
    pub fn except<J: Job>(&self) -> Self {
        self.choose(ViewFilter::except::<J>)
    }

    /// Sees no jobs that the function accepts, even if another filter accepts them.
    pub fn except_if(&self, unwanted: impl Fn(&Seen) -> bool + Send + Sync + 'static) -> Self {
        self.choose(|filter| filter.except_if(unwanted))
    }

    /// Sees only jobs of this queue, by its name in the store. Called again: of any of these queues.
    pub fn queue(&self, queue: impl Into<String>) -> Self {
        self.choose(|filter| filter.queue(queue.into()))
    }

    /// Sees only what is enqueued or performed from now on.
    pub fn from_now(&self) -> Self {
        Self { since: self.state.store.history().mark(), ..self.clone() }
    }

    /// Runs `block` in this test's [`scope`](Self::scope), and sees only what is enqueued or performed in it and after.
    ///
    /// ```
    /// # use jobs_testing::TestJobs;
    /// # async fn example(test: TestJobs) {
    /// test.during(async { /* the code under test */ }).await.assert_no_enqueued_jobs();
    /// # }
    /// ```
    ///
    /// As cancel safe as `block`.
    pub async fn during(&self, block: impl Future<Output = ()>) -> Self {
        let view = self.from_now();
        self.scope(block).await;
        view
    }

    fn choose(&self, narrow: impl FnOnce(&mut ViewFilter)) -> Self {
        let mut view = self.clone();
        narrow(&mut view.filter);
        view
    }
}

impl fmt::Debug for TestJobs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TestJobs{} {:?}", self.filter.words(), self.enqueued_jobs())
    }
}
