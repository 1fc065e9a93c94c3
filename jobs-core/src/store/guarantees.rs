//! What a store promises within the calls that every store has.

/// What a store promises within the calls that every store has. A store with tables of its own promises
/// [all of it](Self::ALL); one in front of the data of another job system may promise less.
///
/// [Capabilities](crate::Store) are not here, because the store has a method for each of them.
///
/// ```
/// use jobs_core::{Guarantees, Uniqueness};
///
/// const MINE: Guarantees = Guarantees::ALL.with_uniqueness(Uniqueness::Unsupported);
/// assert_eq!(MINE.order, Guarantees::ALL.order);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Guarantees {
    /// Whether an enqueue may be repeated.
    pub identity: Identity,
    /// Which ready job is claimed first.
    pub order: ClaimOrder,
    /// Which claims a claim token is told apart from.
    pub fencing: Fencing,
    /// Which errors of a job are kept.
    pub history: History,
    /// Which jobs are kept after their end.
    pub retention: Retention,
    /// Whether jobs may have unique keys.
    pub uniqueness: Uniqueness,
    /// When an attempt is counted.
    pub attempts: AttemptCounting,
    /// Whether the logs of attempts are kept.
    pub attempt_logs: AttemptLogs,
}

/// Whether an enqueue may be repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Identity {
    /// A job whose id the store holds is not stored again.
    Idempotent,
    /// A repeated enqueue may store a job twice, and never loses one.
    AtLeastOnce,
}

/// Which ready job is claimed first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ClaimOrder {
    /// The job of the highest priority, then the one that was enqueued first.
    PriorityThenAge,
    /// The job of the highest priority, then the one that was due first: a job that was scheduled or retried comes after those
    /// that were due before it, also if it was enqueued earlier.
    PriorityThenDue,
    /// In each queue the job that was enqueued first. Priorities are stored, and have no effect.
    QueueFifo,
}

/// Which claims a claim token is told apart from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fencing {
    /// From every other claim of the job.
    PerClaim,
    /// From the claims of other processes. A token of an earlier claim by the same process may hold.
    PerProcess,
}

/// Which errors of a job are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum History {
    /// The error of every attempt that failed, until they are more than [`error_limits`](crate::error_limits) says; then the
    /// first and the last of them.
    EveryAttempt,
    /// The error of the last attempt that failed.
    LastError,
}

/// Which jobs are kept after their end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Retention {
    /// All, until they are pruned; finished ones only if their settlement says so.
    All,
    /// Failed ones. Finished and discarded jobs are removed at once.
    FailedOnly,
}

/// Whether jobs may have unique keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Uniqueness {
    /// They may.
    Supported,
    /// The store refuses to enqueue them, with an error that [is unsupported](crate::Error::is_unsupported).
    Unsupported,
}

/// When an attempt is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AttemptCounting {
    /// When the job is claimed. An attempt counts even if its process dies.
    AtClaim,
    /// When the attempt has failed. An attempt whose process dies may not count.
    AtFailure,
}

/// Whether the logs of attempts are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AttemptLogs {
    /// They are: see [`Settlement::log`](crate::Settlement::log).
    Kept,
    /// The log of a settlement is left out, and the rest of the settlement is written. A worker collects none.
    Unsupported,
}

impl Guarantees {
    /// Everything that the contract promises.
    pub const ALL: Self = Self {
        identity: Identity::Idempotent,
        order: ClaimOrder::PriorityThenAge,
        fencing: Fencing::PerClaim,
        history: History::EveryAttempt,
        retention: Retention::All,
        uniqueness: Uniqueness::Supported,
        attempts: AttemptCounting::AtClaim,
        attempt_logs: AttemptLogs::Kept,
    };

    /// With this answer to repeated enqueues.
    pub const fn with_identity(mut self, identity: Identity) -> Self {
        self.identity = identity;
        self
    }

    /// With this order of claims.
    pub const fn with_order(mut self, order: ClaimOrder) -> Self {
        self.order = order;
        self
    }

    /// With claim tokens that are told apart like this.
    pub const fn with_fencing(mut self, fencing: Fencing) -> Self {
        self.fencing = fencing;
        self
    }

    /// With these errors kept.
    pub const fn with_history(mut self, history: History) -> Self {
        self.history = history;
        self
    }

    /// With these jobs kept after their end.
    pub const fn with_retention(mut self, retention: Retention) -> Self {
        self.retention = retention;
        self
    }

    /// With or without unique keys.
    pub const fn with_uniqueness(mut self, uniqueness: Uniqueness) -> Self {
        self.uniqueness = uniqueness;
        self
    }

    /// With attempts counted at this point.
    pub const fn with_attempts(mut self, attempts: AttemptCounting) -> Self {
        self.attempts = attempts;
        self
    }

    /// With or without the logs of attempts.
    pub const fn with_attempt_logs(mut self, attempt_logs: AttemptLogs) -> Self {
        self.attempt_logs = attempt_logs;
        self
    }
}
