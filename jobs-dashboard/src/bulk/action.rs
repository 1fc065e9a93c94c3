//! A bulk action and its progress.

use std::time::Duration;

use tokio::sync::watch;
use tokio::time::timeout;

use crate::actions::job_action::JobAction;
use crate::error::HttpError;
use crate::request::fields::Fields;
use crate::search::query::JobQuery;
use crate::security::actor::Actor;

/// What a request asks for.
#[derive(Clone, Debug)]
pub(crate) struct BulkRequest {
    pub(crate) action: JobAction,
    pub(crate) query: JobQuery,
}

impl BulkRequest {
    /// # Errors
    /// There is no such action, the query is not valid, or the action cannot be taken in the state that the query names. A
    /// query without a state is refused too: a user would not expect to discard waiting and failed jobs together.
    pub(crate) fn parse(verb: &str, fields: &Fields) -> Result<Self, HttpError> {
        let action = JobAction::parse(verb)?;
        let query = JobQuery::parse(fields)?;
        let Some(state) = query.state else {
            return Err(HttpError::invalid("Choose the state of the jobs."));
        };
        if !action.applies_to(state) {
            return Err(HttpError::invalid(format!("Jobs that are {state} cannot be {}.", action.participle())));
        }
        Ok(Self { action, query })
    }

    /// With the time of the fields, as [`JobAction::with_due_time`].
    pub(crate) fn with_due_time(self, fields: &Fields) -> Result<Self, HttpError> {
        Ok(Self { action: self.action.with_due_time(fields)?, ..self })
    }
}

/// A bulk action that was started.
#[derive(Debug)]
pub(crate) struct BulkAction {
    pub(crate) number: u64,
    pub(crate) action: JobAction,
    pub(crate) query: JobQuery,
    pub(crate) actor: Option<Actor>,
    progress: watch::Sender<BulkProgress>,
}

/// How far it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct BulkProgress {
    /// How many jobs matched so far.
    pub(crate) matched: u64,
    /// How many of them were changed.
    pub(crate) changed: u64,
    /// Why jobs were not changed, for the first ones, as sentences.
    pub(crate) conflicts: Vec<String>,
    /// How it ended; `None` while it runs.
    pub(crate) outcome: Option<BulkOutcome>,
    stop_requested: bool,
}

/// How it ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum BulkOutcome {
    /// It went through all jobs.
    Completed,
    /// A user stopped it.
    Stopped,
    /// The store returned this error.
    Failed(String),
}

impl BulkAction {
    pub(crate) fn new(number: u64, request: BulkRequest, actor: Option<Actor>) -> Self {
        let BulkRequest { action, query } = request;
        Self { number, action, query, actor, progress: watch::Sender::default() }
    }

    pub(crate) fn progress(&self) -> BulkProgress {
        self.progress.borrow().clone()
    }

    /// Requests a stop after the page of jobs that it is changing.
    pub(crate) fn stop(&self) {
        self.progress.send_modify(|progress| progress.stop_requested = true);
    }

    pub(crate) fn is_stop_requested(&self) -> bool {
        self.progress.borrow().stop_requested
    }

    /// Counts a page of jobs.
    pub(crate) fn count(&self, matched: u64, changed: u64) {
        self.progress.send_modify(|progress| {
            progress.matched += matched;
            progress.changed += changed;
        });
    }

    /// Whether a reason why jobs were not changed is known already.
    pub(crate) fn has_conflicts(&self) -> bool {
        !self.progress.borrow().conflicts.is_empty()
    }

    pub(crate) fn add_conflicts(&self, conflicts: Vec<String>) {
        self.progress.send_modify(|progress| progress.conflicts.extend(conflicts));
    }

    pub(crate) fn end(&self, outcome: BulkOutcome) {
        self.progress.send_modify(|progress| progress.outcome = Some(outcome));
    }

    /// Waits until it has ended, but not longer than the limit, and returns its progress.
    ///
    /// Cancel safe: the bulk action continues.
    pub(crate) async fn wait(&self, limit: Duration) -> BulkProgress {
        let mut progress = self.progress.subscribe();
        let ended = progress.wait_for(|progress| progress.outcome.is_some());
        // The sender lives as long as `self`, so `wait_for` cannot fail: this waits for the end or for the limit.
        let _in_time = timeout(limit, ended).await.is_ok();
        self.progress()
    }
}
