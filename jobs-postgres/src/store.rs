//! The store itself: each call goes to one of four lines.

use std::fmt;
use std::sync::Arc;

use jobs_core::{
    Claim, Clock, Dispatched, Enqueued, Error, Execution, Inspect, Listener, Manage, NewJob, Phase, Process, ProcessId,
    Pulse, Recovered, Recovery, Recurring, Settled, Settlement, Standing, Store, StoreFuture, Wakeups, Within,
};
use tokio::runtime::Handle;

use crate::again::again;
use crate::desk::{Desk, store_many};
use crate::dial::{Dialer, Purpose};
use crate::error::Result;
use crate::line::Line;
use crate::many::MANY;
use crate::session::Session;
use crate::statements::{Sql, Texts, channel};
use crate::tickets::Tickets;
use crate::vacuum::Vacuum;
use crate::wakeups::Hints;
use crate::within::Foreign;
use crate::work::Work;
use crate::{PostgresOptions, bind, processes, recover};

/// Jobs in a `PostgreSQL` database.
///
/// Any number of stores may be open on one database, on as many machines as wanted. A store lives in the tokio
/// runtime in which it was opened. Its connections are made when they are first needed, and anew when they are lost;
/// a call that meets a lost one fails as transient. Dropping a store finishes the calls that were made.
pub struct PostgresStore {
    /// Claims and settles, in the order of the calls.
    pub(crate) working: Line,
    /// Shows that processes live, also while the others wait for a lock.
    beating: Line,
    /// Looks, manages and recovers, one call at a time.
    pub(crate) looking: Line,
    desk: Desk,
    /// A connection of its own: whoever takes a key waits for another transaction that takes it, and only those do.
    desk_of_unique: Desk,
    /// Stores what is handed in as many jobs in one call: no caller with a single job waits for them.
    bulk: Line,
    hints: Hints,
    clock: Option<Arc<dyn Clock>>,
    tickets: Tickets,
    vacuum: Vacuum,
    standing: Standing,
    pub(crate) schema: String,
    /// What is needed to take part in transactions of others.
    pub(crate) foreign: Foreign,
}

impl PostgresStore {
    /// The store behind this URL; see [`PostgresOptions::from_url`] for its form. To be called within a tokio runtime,
    /// which serves the connections for as long as the store lives.
    ///
    /// Cancel safe: a dropped future leaves at most a schema that was created empty.
    ///
    /// # Errors
    /// As [`PostgresOptions::from_url`] and [`PostgresOptions::connect`].
    pub async fn connect(url: &str) -> Result<Self, Error> {
        PostgresOptions::from_url(url)?.connect().await
    }

    pub(crate) async fn with(options: PostgresOptions) -> Result<Self, Error> {
        let runtime = Handle::try_current()
            .map_err(|cause| Error::invalid("a store is opened within a tokio runtime").with_source(cause))?;
        let dialer = Arc::new(Dialer::new(&options)?);
        let (session, standing) = dialer.dial_first(&options).await?;
        let foreign = Foreign::new(&Texts::new(&options.schema), database(&session).await?);
        let enqueuing = || Line::pipelined(dialer.clone(), Purpose::Enqueue, None);
        let vacuum = Vacuum::new(dialer.clone(), runtime.clone(), options.vacuum_after);
        let listener = options.listen.then(|| dialer.clone());
        Ok(Self {
            working: Line::pipelined(dialer.clone(), Purpose::Work, Some(session)),
            beating: Line::conversing(dialer.clone(), Purpose::Beat),
            looking: Line::conversing(dialer.clone(), Purpose::Look),
            desk: Desk::open(enqueuing(), options.clock.clone()),
            desk_of_unique: Desk::open(enqueuing(), options.clock.clone()),
            bulk: Line::conversing(dialer.clone(), Purpose::Enqueue),
            hints: Hints::new(listener, channel(&options.schema), runtime),
            clock: options.clock,
            tickets: Tickets::default(),
            vacuum,
            schema: options.schema,
            standing,
            foreign,
        })
    }

    /// The time to tell the server.
    pub(crate) fn now(&self) -> Option<i64> {
        bind::now(self.clock.as_deref())
    }

    /// Tells those who listen that the call may have given a reason to look for work.
    pub(crate) fn stir<'a, T: Send + 'a>(&'a self, call: StoreFuture<'a, T>) -> StoreFuture<'a, T> {
        Box::pin(async move {
            let answer = call.await;
            self.hints.ring();
            answer
        })
    }

    fn work(
        &self,
        what: &'static str,
        settlements: &[Settlement],
        claim: Claim,
    ) -> StoreFuture<'_, (Vec<Settled>, Vec<Execution>)> {
        let (process, limit, settled) = (claim.process, claim.limit, settlements.len());
        let work = Work::new(settlements, claim, self.now(), self.tickets.clone());
        Box::pin(async move {
            let work = work.map_err(|trouble| trouble.into_error(what))?;
            let ticket = (limit > 0).then(|| self.tickets.draw(process));
            let number = ticket.as_ref().map_or(0, |ticket| ticket.number);
            let answer = self.working.call(what, move |session| work.run(session, number)).await?;
            if let Some(ticket) = ticket {
                ticket.heard();
            }
            self.vacuum.worked(settled);
            Ok(answer)
        })
    }
}

/// The name of the database that the store is in.
async fn database(session: &Session) -> Result<String, Error> {
    let row = session.query_one(Sql::Database, &[]).await;
    let name = row.and_then(|row| Ok(row.try_get(0)?));
    name.map_err(|trouble| trouble.into_error("ask for the database's name"))
}

impl Store for PostgresStore {
    fn enqueue<'a>(&'a self, jobs: &'a [NewJob]) -> StoreFuture<'a, Vec<Enqueued>> {
        let are_unique = jobs.iter().any(|job| job.unique_key.is_some());
        self.stir(if are_unique {
            self.desk_of_unique.enqueue(jobs)
        } else if jobs.len() >= MANY {
            store_many(&self.bulk, self.now(), jobs)
        } else {
            self.desk.enqueue(jobs)
        })
    }

    fn dispatch(&self, limit: usize) -> StoreFuture<'_, Dispatched> {
        let now = self.now();
        self.stir(
            self.working.call("dispatch", move |session| async move {
                again(|| processes::dispatch(&session, limit, now)).await
            }),
        )
    }

    fn claim<'a>(&'a self, claim: &'a Claim) -> StoreFuture<'a, Vec<Execution>> {
        let claimed = self.work("claim", &[], claim.clone());
        Box::pin(async move { Ok(claimed.await?.1) })
    }

    fn settle<'a>(&'a self, settlements: &'a [Settlement]) -> StoreFuture<'a, Vec<Settled>> {
        let nobody = Claim::new(ProcessId::new(0), Vec::new(), 0);
        let settled = self.work("settle", settlements, nobody);
        self.stir(Box::pin(async move { Ok(settled.await?.0) }))
    }

    fn heartbeat<'a>(&'a self, process: &'a Process) -> StoreFuture<'a, Pulse> {
        let (process, now) = (process.clone(), self.now());
        if process.phase == Phase::Stopped {
            return self.stir(self.looking.call("stop a process", move |session| async move {
                again(|| processes::stop(&session, process.id)).await
            }));
        }
        self.beating.call("heartbeat", move |session| async move {
            again(|| processes::heartbeat(&session, &process, now)).await
        })
    }

    fn recover<'a>(&'a self, recovery: &'a Recovery) -> StoreFuture<'a, Recovered> {
        let (recovery, now) = (*recovery, self.now());
        self.stir(
            self.looking.call("recover", move |session| async move {
                again(|| recover::recover(&session, recovery, now)).await
            }),
        )
    }

    fn settle_and_claim<'a>(
        &'a self,
        settlements: &'a [Settlement],
        claim: &'a Claim,
    ) -> StoreFuture<'a, (Vec<Settled>, Vec<Execution>)> {
        let worked = self.work("settle and claim", settlements, claim.clone());
        if settlements.iter().all(|one| matches!(one.decision, jobs_core::Decision::Finish { .. })) {
            return worked;
        }
        self.stir(worked)
    }

    fn inspect(&self) -> Option<&dyn Inspect> {
        Some(self)
    }

    fn manage(&self) -> Option<&dyn Manage> {
        Some(self)
    }

    fn within(&self) -> Option<&dyn Within> {
        Some(self)
    }

    fn recurring(&self) -> Option<&dyn Recurring> {
        Some(self)
    }

    fn wakeups(&self) -> Option<&dyn Wakeups> {
        Some(self)
    }

    fn standing(&self) -> Standing {
        self.standing
    }
}

impl Wakeups for PostgresStore {
    fn listen(&self) -> Box<dyn Listener> {
        self.hints.hear()
    }
}

impl fmt::Debug for PostgresStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostgresStore").field("schema", &self.schema).finish_non_exhaustive()
    }
}
