//! The language and the rules of [`jobs`](https://docs.rs/jobs): pure, without input or output.
//!
//! Adapters depend on this crate alone. Data types and decisions are here; what waits or spawns is in
//! `jobs-runtime`; what talks to a database is in an adapter.

pub mod callback;
mod context;
mod error;
mod event;
pub mod failure;
mod inspect;
pub mod job;
mod model;
mod policy;
mod recurring;
pub mod spelling;
mod store;
mod unique;
pub mod url;

// Errors.
pub use error::{BoxError, Error, Result};
pub use failure::{DeserializeError, Expired, Failure, NotProvided, Panic, TimedOut, as_error};

// Values that stores keep, receive and return.
pub use model::{
    ClaimToken, Decision, Due, Enqueued, ErrorRecord, Execution, Expires, ForeignId, HeartbeatReply, JobId, JobIds,
    JobRecord, Meta, NewJob, POISON_CLASS, Process, ProcessId, ProcessRecord, ProcessStatus, QueueRecord, Recovered,
    Recovery, Settled, Settlement, State, crash_record, is_poisonous, poison_record,
};
pub use model::{entropy, lifecycle, queue};

// Queues, time and random bits.
pub use entropy::{Entropy, SystemEntropy};
pub use model::{Clock, SystemClock, Timestamp, format_duration};
pub use queue::{DEFAULT_QUEUE, QueueSelector, check_queue_name};

// Unique jobs.
pub use unique::{KeyHolder, Unique, UniqueBy, UniqueKey, UniqueUntil};

// Recurring jobs.
pub use recurring::{
    JobSchedule, LateTick, MissedTicks, RecurringRecord, RecurringTask, RecurringTasks, Schedule, Tick, TickOutcome,
    UNDECLARED_KEPT, missed,
};

// Stores and their capabilities.
pub use inspect::{
    Check, Counts, Cursor, Filter, Health, HealthLimits, IdRange, Inspect, JobStats, Order, Page, Period, Totals, json,
};
/// The registration that adapters submit their [`Adapter`] with.
pub use inventory;
pub use store::{
    Adapter, AttemptCounting, BlockingTransaction, BlockingTransactional, Claim, ClaimOrder, Dispatched, Fencing,
    Guarantees, History, Identity, Listener, Manage, Notifier, Opening, Recurring, Retention, Schema, SchemaStatus,
    Store, StoreExt, StoreFuture, Transaction, Transactional, Uniqueness, connect, connect_without_migrating,
};

/// The caller's own transactions, in which jobs are stored and completed together with the caller's data.
pub mod transaction {
    pub use crate::store::{
        BlockingTransaction, BlockingTransactional, Transaction, Transactional, lend, within, within_blocking,
    };
}

// Job types and their settings.
pub use job::{
    Base, Definition, ErasedDraft, HIDDEN, IntoArgument, Job, Performed, Registered, Registry, Settings, arguments_of,
    enqueue, perform, perform_stored,
};

// What a perform can read.
pub use context::{
    Cancellation, Completion, Context, NOT_COMMITTED_CLASS, NeverCancelled, Propagated, PropagatedValues,
    PropagationError, Provided, Requirement, Waiting,
};

// Callbacks.
pub use callback::{Callback, Condition, Halt, JobDraft, Next, NextEnqueue, Storing};

// Rules about failures.
pub use policy::{
    Attempts, ComputedWait, DEFAULT_JITTER, EXPIRED_CLASS, FailureCallback, FailureDecision, FailureFuture, Jitter,
    LEAST_ATTEMPTS, LEAST_UNUSUAL, LONGEST_WAIT, Matcher, Outcome, Policy, RECENT_ATTEMPTS, Raises, RecentDurations,
    Response, RetryPolicy, Rule, SlowReason, SlowRule, TIMEOUT_NOTICE_PERCENT, Timeout, UNUSUAL_FACTOR, Wait, abandon,
    decide, expired, retry, rule,
};

// Events.
pub use event::{Bulk, Event, JobRef, events};
