//! A program whose jobs are in the same database as its own tables.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use jobs_core::{
    BoxError, Callback, Claim, Completion, Context, Definition, Enqueued, Error, Halt, Job, JobId, NeverCancelled,
    Policy, Settings, State, Store, SystemClock, Transaction,
};
use jobs_postgres::PostgresStore;
use jobs_runtime::{Client, JobExt, QueueNaming, Runtime, RuntimeBuilder};
use jobs_testing::Recorder;
use serde::{Deserialize, Serialize};

use crate::common::TestDb;

/// What a transaction does besides writing an order.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Work {
    /// Enqueues one job, under this id if one is given.
    One(Option<JobId>),
    /// Enqueues this many in bulk.
    Many(u32),
    /// Enqueues one that a callback halts.
    Halted,
    /// Enqueues a unique job.
    Single,
    /// Completes the job that the program has claimed.
    Complete,
}

/// How the transaction ends.
#[derive(Clone, Copy, Debug)]
pub(crate) enum End {
    Commit,
    RollBack,
    /// It is dropped in the middle.
    Drop,
    /// Its connection is cut before it can commit.
    Cut,
}

/// The end of a transaction as the program sees it: the results, if there were any, and whether the commit succeeded.
pub(crate) struct Ended {
    pub(crate) answers: Vec<Enqueued>,
    pub(crate) committed: Result<(), BoxError>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Ship {
    pub(crate) order: u32,
}

impl Job for Ship {
    type Output = ();
    type Error = std::io::Error;
    const SETTINGS: Settings = Settings::new("ship");

    async fn perform(self, _context: &Context) -> Result<(), std::io::Error> {
        Ok(())
    }
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Refuse {}

impl Job for Refuse {
    type Output = ();
    type Error = std::io::Error;
    const SETTINGS: Settings = Settings::new("refuse");

    fn policy() -> Policy {
        let halt = Callback::before_enqueue::<Self>("halt", |_, _| Box::pin(async { Err(Halt.into()) }));
        Policy::new().callback(halt)
    }

    async fn perform(self, _context: &Context) -> Result<(), std::io::Error> {
        Ok(())
    }
}

pub(crate) struct Bank {
    pub(crate) db: TestDb,
    pub(crate) store: Arc<PostgresStore>,
    pub(crate) jobs: Client,
    pub(crate) recorder: Recorder,
    claimed: OnceLock<Context>,
}

impl Bank {
    /// `None` without a server.
    pub(crate) async fn open() -> Option<Self> {
        Self::in_place(TestDb::new()?).await
    }

    async fn in_place(db: TestDb) -> Option<Self> {
        let store = Arc::new(db.by(Arc::new(SystemClock)).connect().await.unwrap());
        db.run("CREATE TABLE {schema}.orders (number bigint NOT NULL)").await;
        let recorder = Recorder::new();
        let builder = builder(store.clone(), &recorder);
        let jobs = builder.naming(QueueNaming::new().prefix("bank")).build().await.unwrap().client();
        Some(Self { db, store, jobs, recorder, claimed: OnceLock::new() })
    }

    /// The statement by which the program writes an order of its own.
    pub(crate) fn order(&self) -> String {
        self.db.sql("INSERT INTO {schema}.orders (number) VALUES (1)")
    }

    pub(crate) async fn work<D>(
        &self,
        transaction: &mut impl Transaction<D>,
        work: Work,
    ) -> Result<Vec<Enqueued>, Error> {
        match work {
            Work::One(id) => {
                let ship = Ship { order: 7 }.enqueue().on(&self.jobs);
                let ship = if let Some(id) = id { ship.id(id) } else { ship };
                Ok(vec![ship.within(transaction).await?])
            }
            Work::Many(count) => {
                Ok(self.jobs.perform_all_later((0..count).map(|order| Ship { order })).within(transaction).await?)
            }
            Work::Complete => {
                self.claimed.get().unwrap().complete_within(transaction).await?;
                Ok(Vec::new())
            }
            Work::Single => {
                Ok(vec![Ship { order: 7 }.enqueue().unique_by("seven").on(&self.jobs).within(transaction).await?])
            }
            Work::Halted => Ok(vec![Refuse {}.enqueue().on(&self.jobs).within(transaction).await?]),
        }
    }

    /// Stores a job and claims it.
    pub(crate) async fn claim(&self) -> &Context {
        let _stored = Ship { order: 7 }.enqueue().on(&self.jobs).await.unwrap();
        let claimed = self.store.claim(&Claim::all(crate::common::ME, 1)).await.unwrap();
        let execution = claimed.into_iter().next().unwrap();
        let context = Context::new(execution, Arc::default(), Arc::new(NeverCancelled));
        let store: Arc<dyn Store> = self.store.clone();
        self.claimed.get_or_init(|| context.completed_by(Completion::new(store, true)))
    }

    /// Terminates the backend with this process number.
    pub(crate) async fn cut(&self, backend: i32) {
        self.db.run(&format!("SELECT pg_terminate_backend({backend}, 30000)")).await;
    }

    pub(crate) async fn orders(&self) -> i64 {
        let query = self.db.sql("SELECT count(*) FROM {schema}.orders");
        self.db.stranger().await.query_one(&query, &[]).await.unwrap().get(0)
    }

    pub(crate) async fn ready(&self) -> u64 {
        self.counted(State::Ready).await
    }

    pub(crate) async fn counted(&self, state: State) -> u64 {
        crate::common::count(&*self.store, state).await
    }
}

/// A runtime over the store that looks for work only when it is notified.
pub(crate) fn builder(store: Arc<dyn Store>, recorder: &Recorder) -> RuntimeBuilder {
    let watch = recorder.watch();
    Runtime::builder()
        .store(store)
        .register([Definition::of::<Ship>(), Definition::of::<Refuse>()])
        .poll_interval(Duration::from_secs(3600))
        .watch(move |event| watch(event))
}
