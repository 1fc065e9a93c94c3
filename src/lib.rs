#![doc = include_str!("../README.md")]

// What the macros write names the crate as users do, here too.
#[allow(unused_extern_crates)]
extern crate self as jobs;

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;
pub mod guide;
pub mod prelude;

#[cfg(feature = "config")]
pub use jobs_config::{self as config, Config};
pub use jobs_core::{
    Adapter, Agenda, Attempts, Baggage, Base, BlockingTransaction, BoxError, Bulk, Callback, Cancellation, Carried,
    Claim, ClaimToken, Clock, Completion, Condition, Context, Counts, Decision, Definition, DeserializeError,
    Dispatched, Due, Enqueue, Enqueued, Entropy, Error, ErrorRecord, Event, Execution, Failure, FailureCallback,
    FailureFuture, Filter, Finding, Halt, Health, HealthLimits, Inspect, IntoArgument, Job, JobId, JobRecord, JobRef,
    JobStats, Listener, Manage, Matcher, Meta, Missed, NewJob, Next, NextEnqueue, NotProvided, Order, Outcome, Page,
    Panic, Performed, Period, Phase, Policy, Process, ProcessId, ProcessRecord, Provided, Pulse, QueueRecord,
    QueueSelector, Raises, Recovered, Recovery, Recurring, RecurringRecord, RecurringTask, Recurs, Registry,
    Requirement, Result, RetryPolicy, Rule, Schedule, Settings, Settled, Settlement, Standing, State, Store, StoreExt,
    StoreFuture, SystemClock, SystemEntropy, Tick, Ticked, TimedOut, Timestamp, Totals, Transaction, Unique, UniqueBy,
    UniqueKey, Unread, Until, Wait, Wakeups, Within, WithinBlocking, as_error, connect, connect_as_it_is, lifecycle,
    spoken,
};
pub use jobs_core::{callback, events, json};
/// `#[jobs::base(..)] struct ApplicationJob;`: which keys a base may have is in the
/// [guide](crate::guide::defining_jobs#all-keys).
pub use jobs_macros::base;
/// All keys are in the [guide](crate::guide::defining_jobs#all-keys); owned parameters are stored, borrowed ones are lent.
///
/// ```
/// use std::io;
///
/// use jobs::prelude::*;
///
/// #[job(queue = "mail", timeout = 30s, retry_on(io::Error, wait = 5s, attempts = 3))]
/// async fn send_letter(to: String, ctx: &Context) -> Result<(), io::Error> {
///     println!("attempt {} to write to {to}", ctx.attempt());
///     Ok(())
/// }
///
/// # async fn example() -> jobs::Result<()> {
/// SendLetter::perform_later("Ada").await?;
/// # Ok(())
/// # }
/// ```
pub use jobs_macros::job;
#[cfg(feature = "memory")]
pub use jobs_memory as memory;
#[cfg(feature = "metrics")]
pub use jobs_metrics as metrics;
#[cfg(feature = "opentelemetry")]
pub use jobs_opentelemetry as opentelemetry;
#[cfg(feature = "postgres")]
pub use jobs_postgres as postgres;
pub use jobs_runtime::{
    AnyJob, Entered, ErrorReporter, Held, JobExt, Jobs, Naming, Options, PartialEnqueue, PerformAllLater, PerformError,
    PerformLater, PerformNow, Reached, Report, Runtime, RuntimeBuilder, RuntimeHandle, Worker, carried, carry,
};
#[cfg(feature = "sqlite")]
pub use jobs_sqlite as sqlite;

/// An explicit list of jobs, for programs that do not want to register them by the linker.
///
/// ```
/// use jobs::prelude::*;
///
/// #[job]
/// async fn greet(name: String) -> Result<(), std::io::Error> {
///     println!("Hello, {name}!");
///     Ok(())
/// }
///
/// let list: [jobs::Definition; 1] = jobs::jobs![Greet];
/// assert_eq!(list[0].name(), "greet");
/// ```
#[macro_export]
macro_rules! jobs {
    ($($job:ty),* $(,)?) => {
        [$($crate::Definition::of::<$job>()),*]
    };
}
