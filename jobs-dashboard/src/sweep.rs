//! Something that is done to all jobs that match, page by page, while whoever asked for it watches.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jobs_core::{Error, JobId};
use tokio::sync::watch;
use tokio::time::{sleep, timeout};

use crate::access::Actor;
use crate::action::Action;
use crate::board::Board;
use crate::deed::Deed;
use crate::failure::Failure;
use crate::fields::Fields;
use crate::which::Which;

/// How many jobs are changed at once.
const PAGE: usize = 500;

/// How many sweeps are remembered.
const KEPT: usize = 50;

/// How often a page is tried that the store does not take, and how long is waited before each new try.
const TRIES: u32 = 4;
const WAIT: Duration = Duration::from_secs(1);

/// The sweeps of this program, the newest last.
#[derive(Debug, Default)]
pub(crate) struct Sweeps(Mutex<(u64, VecDeque<Arc<Sweep>>)>);

/// One of them.
#[derive(Debug)]
pub(crate) struct Sweep {
    pub(crate) number: u64,
    pub(crate) deed: Deed,
    pub(crate) which: Which,
    pub(crate) actor: Option<Actor>,
    progress: watch::Sender<Progress>,
}

/// How far it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Progress {
    /// How many jobs matched so far, and how many of them were changed.
    pub(crate) matched: u64,
    pub(crate) touched: u64,
    pub(crate) end: Option<End>,
    is_unwanted: bool,
}

/// How it ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// All jobs were gone through.
    Done,
    /// Somebody stopped it.
    Stopped,
    /// The store said no.
    Failed(String),
}

impl Sweeps {
    /// Begins one.
    pub(crate) fn begin(board: &Arc<Board>, deed: Deed, which: Which, actor: Option<Actor>) -> Arc<Sweep> {
        let mut held = board.sweeps.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (last, kept) = &mut *held;
        *last += 1;
        let sweep = Arc::new(Sweep { number: *last, deed, which, actor, progress: watch::Sender::default() });
        if kept.len() >= KEPT {
            kept.pop_front();
        }
        kept.push_back(Arc::clone(&sweep));
        drop(held);
        tokio::spawn(run(Arc::clone(board), Arc::clone(&sweep)));
        sweep
    }

    /// The one of this number.
    ///
    /// # Errors
    /// It was forgotten, or is another program's.
    pub(crate) fn find(&self, number: &str) -> Result<Arc<Sweep>, Failure> {
        let held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let number = number.parse::<u64>().ok();
        held.1.iter().find(|sweep| Some(sweep.number) == number).cloned().ok_or_else(|| Failure::not_found(UNKNOWN))
    }
}

impl Sweep {
    pub(crate) fn progress(&self) -> Progress {
        self.progress.borrow().clone()
    }

    /// Ends it after the page that it is at.
    pub(crate) fn stop(&self) {
        self.progress.send_modify(|progress| progress.is_unwanted = true);
    }

    /// How far it is when it has ended, or after this long.
    ///
    /// Cancel safe: the sweep goes on.
    pub(crate) async fn ended_within(&self, patience: Duration) -> Progress {
        let mut progress = self.progress.subscribe();
        let ended = progress.wait_for(|progress| progress.end.is_some());
        // The sender lives as long as this, so the only other end is that of the patience.
        let _ended = timeout(patience, ended).await.is_ok();
        self.progress()
    }

    /// From the newest to the oldest, so that those that are enqueued meanwhile are left alone.
    async fn page(&self, board: &Board, last: Option<JobId>) -> Result<Option<JobId>, Error> {
        let filter = self.which.filter(PAGE);
        let page = board.page(&last.map_or_else(|| filter.clone(), |last| filter.clone().going_on(last))).await?;
        let ids: Vec<JobId> = page.jobs.iter().map(|job| job.id).collect();
        let touched = if ids.is_empty() { 0 } else { self.deed.run(board.manage()?, &ids).await? };
        self.progress.send_modify(|progress| {
            progress.matched += ids.len() as u64;
            progress.touched += touched;
        });
        Ok(page.next)
    }

    /// A page, also where the store is busy for a moment. Done again, it does nothing more to what it did.
    async fn patient_page(&self, board: &Board, last: Option<JobId>) -> Result<Option<JobId>, Error> {
        let mut tries = 1;
        loop {
            match self.page(board, last).await {
                Err(error) if error.is_transient() && tries < TRIES => tries += 1,
                answer => return answer,
            }
            sleep(WAIT).await;
        }
    }

    async fn all(&self, board: &Board) -> End {
        let mut last = None;
        loop {
            if self.progress.borrow().is_unwanted {
                return End::Stopped;
            }
            match self.patient_page(board, last).await {
                Ok(Some(next)) => last = Some(next),
                Ok(None) => return End::Done,
                Err(error) => return End::Failed(error.to_string()),
            }
        }
    }
}

const UNKNOWN: &str =
    "This program does not know of it: it was long ago, or another program does it, where it goes on.";

/// What is to be done, to which jobs: those of a state in which it can be.
pub(crate) fn meant(verb: &str, fields: &Fields) -> Result<(Deed, Which), Failure> {
    let deed = Deed::named(verb)?;
    let which = Which::read(fields)?;
    let Some(state) = which.state else {
        return Err(Failure::invalid("Say which state the jobs are in."));
    };
    if !deed.suits(state) {
        return Err(Failure::invalid(format!("Jobs that are {state} cannot be {}.", deed.participle())));
    }
    Ok((deed, which))
}

async fn run(board: Arc<Board>, sweep: Arc<Sweep>) {
    let end = sweep.all(&board).await;
    let (actor, which, touched) = (sweep.actor.clone(), sweep.which.words(), sweep.progress().touched);
    board.tell(&Action::on_many(actor, sweep.deed.verb(), &which, touched));
    sweep.progress.send_modify(|progress| progress.end = Some(end));
}
