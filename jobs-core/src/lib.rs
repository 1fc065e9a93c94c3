//! The language and the rules of `jobs`: pure, without input or output.
//!
//! Adapters depend on this crate alone. Data types and decisions are here; what waits or spawns is in
//! `jobs-runtime`; what talks to a database is in an adapter.

mod attempt_log;
pub mod callback;
mod char_boundary;
mod context;
mod counted;
mod error;
mod event;
pub mod failure;
mod figures;
mod hidden;
mod inspect;
pub mod job;
mod json_text;
mod log_text;
mod model;
mod one_line;
pub mod plain_text;
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
pub use attempt_log::{AttemptLog, LogBuffer, LogLevel, LogLimits, LogLine};
pub use failure::{error_limits, short_class};
pub use model::{
    CORRUPT_CLASS, ClaimToken, Decision, Due, Enqueued, ErrorRecord, Execution, Expires, ForeignId, HeartbeatReply,
    JobId, JobIds, JobRecord, Meta, NewJob, POISON_CLASS, Process, ProcessDetails, ProcessId, ProcessOrder,
    ProcessRecord, ProcessStatus, QueueRecord, Recovered, Recovery, Settled, Settlement, SlowJob, State,
    corrupt_record, crash_record, death_record, has_one_death_left, is_poisonous, poison_record,
};
pub use model::{entropy, lifecycle, queue};

// Queues, time and random bits.
pub use entropy::{Entropy, SystemEntropy};
pub use model::{Clock, StoreClock, SystemClock, Timestamp, format_duration, format_relative};
pub use queue::{DEFAULT_QUEUE, QueueSelector, check_queue_name};

// Unique jobs.
pub use unique::{HolderJob, KeyHolder, Unique, UniqueBy, UniqueKey, UniqueUntil};

// Recurring jobs.
pub use recurring::{
    JobSchedule, LateTick, MissedTicks, RecurringRecord, RecurringTask, RecurringTasks, Schedule, Tick, TickBatch,
    TickOutcome, UNDECLARED_KEPT, missed,
};

// Figures of attempts.
pub use figures::{
    AttemptFigures, Deploy, FigureFilter, FigurePoint, FigureReport, FigureRow, FigureRows, FigureUpdate, Histogram,
    JobFigures, MAX_PAIRS, NamedFigures, NewFigures, OTHER, TimeRange,
};

// Stores and their capabilities.
pub use inspect::{
    ArgumentView, Breakdown, Check, Content, Counts, Cursor, FailureGroup, FailureGrouping, FailureKey, Failures,
    Filter, Health, HealthLimits, IdRange, Inspect, JobKind, JobStats, OldestSnapshot, Order, Page, PageBuilder,
    Period, QueueListBuilder, Totals, contains_text, find_process, json, message_pattern,
};
/// The registration that adapters submit their [`Adapter`] with.
pub use inventory;
pub use store::{
    Adapter, AttemptCounting, AttemptLogs, BlockingTransaction, BlockingTransactional, CancelOutcome, Claim,
    ClaimOrder, Dispatched, Fencing, FigureStore, Guarantees, HeartbeatSender, Heartbeats, History, Identity, Listener,
    Manage, ManualChange, Notifier, Opening, ProcessOrders, QueueClaim, REPEATABLE_FOR, Recurring, RefusedJob,
    RefusedJobs, Retention, Schema, SchemaStatus, Store, StoreExt, StoreFuture, Transaction, Transactional, Uniqueness,
    cancel, cancel_by, connect, connect_without_migrating, kept_for,
};

/// The caller's own transactions, in which jobs are stored and completed together with the caller's data.
pub mod transaction {
    pub use crate::store::{
        BlockingTransaction, BlockingTransactional, Transaction, Transactional, lend, within, within_blocking,
    };
}

// Job types and their settings.
pub use job::{
    Base, Definition, ErasedDraft, IntoArgument, Job, Performed, PerformedElsewhere, Registered, Registry, Remote,
    Settings, Signature, arguments_of, enqueue, perform, perform_stored,
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
    LEAST_ATTEMPTS, LONGEST_WAIT, Matcher, NOT_STORABLE_CLASS, Outcome, Policy, RECENT_ATTEMPTS, Raises,
    RecentDurations, Response, RetryPolicy, Rule, SlowReason, SlowRule, Timeout, Wait, abandon, decide, expired, retry,
    rule, substitutes,
};

// Events, and what log lines are made with.
pub use char_boundary::floor_char_boundary;
pub use counted::{counted, plural};
pub use event::{Bulk, Event, JobRef, events, repeats};
pub use hidden::HIDDEN;
pub use log_text::LogText;
pub use one_line::OneLine;
