//! What a program uses to open and query a store, and what the author of a store implements.
//!
//! A store is opened by its URL. Its optional capabilities are traits: [`Inspect`] reads jobs, [`Manage`] changes them.
//!
//! ```
//! use jobs::State;
//! use jobs::store::{Filter, StoreExt, connect};
//!
//! # async fn example() -> jobs::Result<()> {
//! let store = connect("sqlite:jobs.db").await?;
//! let failed = store.require_inspect()?.list(&Filter::state(State::Failed)).await?;
//! for job in &failed {
//!     println!("{} {}", job.id, job.name);
//! }
//! let ids: Vec<_> = failed.iter().map(|job| job.id).collect();
//! store.require_manage()?.retry(&ids).await?;
//! # Ok(())
//! # }
//! ```
//!
//! To write a store, implement [`Store`] and let it pass `jobs_testing::store_contract!`; the example
//! [`custom_store`](crate::guide::examples::custom_store) is the smallest one.

pub use jobs_core::lifecycle;
pub use jobs_core::{
    Adapter, ArgumentView, AttemptCounting, AttemptLogs, Breakdown, Claim, ClaimOrder, ClaimToken, Content, Counts,
    Cursor, Decision, Dispatched, ErrorRecord, Execution, FailureGroup, FailureKey, Failures, Fencing, Filter,
    ForeignId, Guarantees, HeartbeatReply, HeartbeatSender, Heartbeats, History, IdRange, Identity, Inspect, JobKind,
    JobRecord, JobStats, Listener, Manage, Meta, NewJob, Notifier, OldestSnapshot, Order, Page, Period, Process,
    ProcessDetails, ProcessId, ProcessOrder, ProcessOrders, ProcessRecord, ProcessStatus, QueueClaim, QueueListBuilder,
    QueueRecord, QueueSelector, Recovered, Recovery, RefusedJob, RefusedJobs, Retention, SchemaStatus, Settled,
    Settlement, SlowJob, Store, StoreExt, StoreFuture, Totals, Uniqueness, connect, connect_without_migrating,
};
pub use jobs_runtime::ReportedManage;
