//! The store of `inline:` URLs: performs jobs at once, where they are enqueued.
//!
//! It is not in an adapter crate, because performing needs the registry, the provided values and the rules, which a
//! store does not know. It is not in the test kit, because it serves development too.
//!
//! The caller waits until the job has run and gets its failure, as with Active Job's adapter of this name. A job that is
//! to run later is refused, and so is a retry, since no worker waits for it.

use std::any::Any;
use std::fmt;
use std::sync::{Arc, OnceLock, Weak};

use jobs_core::{
    Adapter, BlockingTransactional, Claim, ClaimToken, Clock, Counts, Decision, Dispatched, Due, Enqueued, Error,
    Execution, Filter, HeartbeatReply, Inspect, JobId, JobRecord, JobStats, NewJob, Opening, Page, Process, ProcessId,
    ProcessRecord, QueueRecord, Recovered, Recovery, Settled, Settlement, Store, StoreFuture, SystemClock, Transaction,
    Transactional,
};

use crate::Client;
use crate::client::shared::Shared;
use crate::enqueue::depth;
use crate::perform::retry_storage::RetryStorage;

jobs_core::inventory::submit! {
    Adapter::new(&[SCHEME], open)
}

const SCHEME: &str = "inline";

/// There is no runtime around it, so it can only say what is missing.
fn open(url: &str) -> Opening {
    let refused = Inline::of(url).and_then(Result::err).unwrap_or_else(|| Error::invalid(UNBOUND));
    Box::pin(std::future::ready(Err(refused)))
}

const UNBOUND: &str =
    "`inline:` performs jobs with what a runtime knows: give the URL to `Runtime::builder().connect(..)`";

/// A store that keeps nothing: a job is done when the enqueue returns.
#[derive(Default)]
pub(crate) struct Inline {
    /// The runtime around it, which holds this store.
    shared: OnceLock<Weak<Shared>>,
}

impl Inline {
    /// The store of such a URL; `None` if the URL is that of another adapter.
    pub(crate) fn of(url: &str) -> Option<Result<Arc<Self>, Error>> {
        let (scheme, rest) = jobs_core::url::split(url)?;
        let says = || Error::invalid("the URL `inline:` has nothing behind its colon; write `inline:`");
        (scheme == SCHEME).then(|| if matches!(rest, "" | "//") { Ok(Arc::default()) } else { Err(says()) })
    }

    /// Performs with the runtime of this client.
    pub(crate) fn bind(&self, jobs: &Client) {
        // A store belongs to the one runtime that opened it.
        let _first = self.shared.set(Arc::downgrade(&jobs.shared));
    }

    fn client(&self) -> Result<Client, Error> {
        let shared = self.shared.get().and_then(Weak::upgrade);
        shared.map(|shared| Client { shared }).ok_or_else(|| Error::invalid(UNBOUND))
    }

    async fn perform_all(&self, new: &[NewJob]) -> Result<Vec<Enqueued>, Error> {
        let jobs = self.client()?;
        let later = new.iter().find(|one| is_later(&jobs, one.due));
        if let Some(later) = later {
            return Err(refused(later));
        }
        for one in new {
            // On the heap, since a job may enqueue another within this call.
            let performing = Box::pin(jobs.perform_claimed(execution(&jobs, one), RetryStorage::None));
            let (settlement, refusal) = depth::in_job(&one.name, performing).await?;
            ended(&jobs, one, settlement.decision, refusal)?;
        }
        Ok(new.iter().map(|one| Enqueued::New(one.id)).collect())
    }
}

fn is_later(jobs: &Client, due: Due) -> bool {
    match due {
        Due::Now => false,
        Due::In(wait) => !wait.is_zero(),
        Due::At(at) => at > jobs.shared.clock.now(),
    }
}

fn refused(new: &NewJob) -> Error {
    Error::invalid(format!(
        "`{}` is to run later, and `inline:` performs jobs at once or not at all: \
         use `memory:` where jobs have to wait, with a runtime that is started",
        new.name
    ))
}

fn execution(jobs: &Client, new: &NewJob) -> Execution {
    let token = ClaimToken::new(new.id, ProcessId::new(0), 1);
    let mut execution = Execution::new(token, new.name.clone(), new.arguments.clone());
    execution.queue.clone_from(&new.queue);
    execution.priority = new.priority;
    execution.version = new.version;
    execution.meta.clone_from(&new.meta);
    execution.enqueued_at = jobs.shared.clock.now();
    execution.due_at = execution.enqueued_at;
    execution.expires_at = new.expires_at;
    execution
}

/// The result of a run, for the caller. A job that failed by the refusal of a chain of jobs says that alone, or each job of the
/// chain would add its words to it.
fn ended(jobs: &Client, new: &NewJob, decision: Decision, refusal: Option<String>) -> Result<(), Error> {
    let name = &new.name;
    match decision {
        Decision::Finish { .. } | Decision::Discard { .. } => Ok(()),
        // Nothing was claimed, so nothing was to be completed either.
        decision if decision.is_unless_committed() => Ok(()),
        Decision::Fail { error, .. } => {
            let causes = [vec![error.class, error.message], error.causes].concat();
            if let Some(refusal) = refusal.filter(|refusal| causes.iter().any(|cause| cause.contains(refusal))) {
                return Err(Error::invalid(refusal));
            }
            Err(Error::other(format!("`{name}` failed: {}", causes.join(": "))))
        }
        _ if !jobs.knows(name) => Err(Error::invalid(format!("no job named `{name}` is registered here"))),
        _ => Err(Error::other(format!("`{name}` asked to go on later, but `inline:` cannot wait"))),
    }
}

impl Store for Inline {
    fn enqueue<'a>(&'a self, jobs: &'a [NewJob]) -> StoreFuture<'a, Vec<Enqueued>> {
        Box::pin(self.perform_all(jobs))
    }

    fn dispatch(&self, _limit: usize) -> StoreFuture<'_, Dispatched> {
        answer(Dispatched::default())
    }

    fn claim<'a>(&'a self, _claim: &'a Claim) -> StoreFuture<'a, Vec<Execution>> {
        answer(Vec::new())
    }

    fn settle<'a>(&'a self, settlements: &'a [Settlement]) -> StoreFuture<'a, Vec<Settled>> {
        answer(settlements.iter().map(|_| Settled::Stale).collect())
    }

    fn heartbeat<'a>(&'a self, _process: &'a Process) -> StoreFuture<'a, HeartbeatReply> {
        answer(HeartbeatReply::Alive)
    }

    fn recover<'a>(&'a self, _recovery: &'a Recovery) -> StoreFuture<'a, Recovered> {
        answer(Recovered::default())
    }

    fn inspect(&self) -> Option<&dyn Inspect> {
        Some(self)
    }

    fn transactional(&self) -> Option<&dyn Transactional> {
        Some(self)
    }

    fn blocking_transactional(&self) -> Option<&dyn BlockingTransactional> {
        Some(self)
    }
}

/// A job that is performed before the transaction has ended would not see what was written in it, and might wait for
/// it forever.
const IN_MIDST: &str = "`inline:` performs jobs at once, which cannot be in the midst of a transaction: gather them with \
                        `client.after_commit()` and enqueue them after the commit, or use the database's own store";

impl Transactional for Inline {
    fn enqueue<'a>(
        &'a self,
        _transaction: &'a mut dyn Transaction,
        _jobs: &'a [NewJob],
    ) -> StoreFuture<'a, Vec<Enqueued>> {
        Box::pin(std::future::ready(Err(Error::invalid(IN_MIDST))))
    }

    fn settle<'a>(
        &'a self,
        _transaction: &'a mut dyn Transaction,
        _settlement: &'a Settlement,
    ) -> StoreFuture<'a, Settled> {
        answer(Settled::Applied)
    }
}

impl BlockingTransactional for Inline {
    fn enqueue(&self, _connection: &dyn Any, _jobs: &[NewJob]) -> Result<Vec<Enqueued>, Error> {
        Err(Error::invalid(IN_MIDST))
    }

    fn settle(&self, _connection: &dyn Any, _settlement: &Settlement) -> Result<Settled, Error> {
        Ok(Settled::Applied)
    }
}

/// There is never anything to see.
impl Inspect for Inline {
    fn find(&self, _id: JobId) -> StoreFuture<'_, Option<JobRecord>> {
        answer(None)
    }

    fn page<'a>(&'a self, _filter: &'a Filter) -> StoreFuture<'a, Page> {
        answer(Page::default())
    }

    fn counts(&self) -> StoreFuture<'_, Counts> {
        answer(Counts::default())
    }

    fn queues(&self) -> StoreFuture<'_, Vec<QueueRecord>> {
        answer(Vec::new())
    }

    fn processes(&self) -> StoreFuture<'_, Vec<ProcessRecord>> {
        answer(Vec::new())
    }

    fn stats(&self) -> StoreFuture<'_, JobStats> {
        self.stats_at(SystemClock.now())
    }
}

fn answer<'a, T: Send + 'a>(value: T) -> StoreFuture<'a, T> {
    Box::pin(std::future::ready(Ok(value)))
}

impl fmt::Debug for Inline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Inline")
    }
}
