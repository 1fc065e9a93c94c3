//! The language and the rules of [`jobs`](https://docs.rs/jobs): pure, without input or output.
//!
//! Adapters depend on this crate alone. What would be true on paper is here; what waits or spawns is in
//! `jobs-runtime`; what speaks to a product is in an adapter.

pub mod entropy;
mod error;
mod id;
mod time;

pub mod lifecycle;
pub mod queue;
mod state;
mod unique;
mod unique_key;

pub mod missed;
mod schedule;
mod zoned;

mod carried;
mod execution;
mod new_job;
mod process;
mod settlement;

mod causes;
mod decide;
pub mod failure;
mod path;
mod policy;
pub mod retry;
pub mod rule;

mod next;
mod verdict;

pub mod callback;
mod condition;
mod enqueue;
mod skip;

mod argument;
mod cancellation;
mod completion;
mod context;
mod definition;
mod drafted;
pub mod job;
mod perform;
mod registry;
mod settings;
mod shown;

mod adapter;
mod event;
pub mod events;
mod filter;
mod health;
mod inspect;
pub mod json;
mod manage;
mod record;
mod recurring;
mod recurs;
mod schema;
mod stats;
mod store;
pub mod transaction;

pub mod spelling;
pub mod url;

pub use adapter::{Adapter, Opening, connect, connect_as_it_is};
pub use argument::IntoArgument;
pub use callback::{Callback, Condition, Enqueue, Halt, Next, NextEnqueue, Storing};
pub use cancellation::{Cancellation, NeverCancelled, Waiting};
pub use carried::{Baggage, Carried, Unread};
pub use completion::{Completion, NOT_COMMITTED_CLASS};
pub use context::{Context, Provided};
pub use decide::{Outcome, Ruling, abandon, decide};
pub use definition::Definition;
pub use drafted::Drafted;
pub use enqueue::enqueue;
pub use entropy::{Entropy, SystemEntropy};
pub use error::{BoxError, Error, Result};
pub use event::{Bulk, Event, JobRef};
pub use execution::Execution;
pub use failure::{DeserializeError, Failure, NotProvided, Panic, TimedOut, as_error};
pub use filter::{Filter, Order, Page, Period};
pub use health::{Finding, Health, HealthLimits};
pub use id::{ClaimToken, JobId, JobIds, ProcessId};
pub use inspect::Inspect;
/// The registration that adapters submit their [`Adapter`] with.
pub use inventory;
pub use job::{Base, Job, Raises, Requirement, arguments_of};
pub use manage::Manage;
pub use missed::Missed;
pub use new_job::{Due, Enqueued, Meta, NewJob};
pub use perform::{Performed, perform, perform_stored};
pub use policy::Policy;
pub use process::{Phase, Process, ProcessRecord, Pulse, Recovered, Recovery, is_poisonous};
pub use queue::{DEFAULT_QUEUE, QueueSelector, check_queue_name};
pub use record::{JobRecord, QueueRecord};
pub use recurring::{Agenda, Recurring, RecurringRecord, RecurringTask, Tick, Ticked, UNDECLARED_KEPT};
pub use recurs::Recurs;
pub use registry::{Registered, Registry};
pub use retry::{Attempts, ComputedWait, DEFAULT_JITTER, LONGEST_WAIT, RetryPolicy, Wait};
pub use rule::{FailureCallback, FailureFuture, Matcher, Response, Rule};
pub use schedule::Schedule;
pub use schema::{Schema, Standing};
pub use settings::Settings;
pub use settlement::{Decision, ErrorRecord, POISON_CLASS, Settled, Settlement, crash_record, poison_record};
pub use shown::HIDDEN;
pub use state::State;
pub use stats::{Counts, JobStats, Totals};
pub use store::{Claim, Dispatched, Listener, Store, StoreExt, StoreFuture, Wakeups};
pub use time::{Clock, SystemClock, Timestamp, spoken};
pub use transaction::{BlockingTransaction, Transaction, Within, WithinBlocking};
pub use unique::{Hold, Unique, Until};
pub use unique_key::{UniqueBy, UniqueKey};
