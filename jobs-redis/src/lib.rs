//! What the stores of `jobs` on Ruby's Redis share: the connection and its errors, the head of all scripts, recurring tasks,
//! notifications, orders to processes, and what is known of processes and claims.
//!
//! For the crates `jobs-sidekiq` and `jobs-resque`. It may change in any release.

mod crashes;
mod error;
mod last_reason;
mod link;
mod lost_claims;
mod nearest;
mod notifier;
mod process_orders;
mod queue_polling;
mod ranks;
mod recovery;
mod recurring;
mod refused_changes;
mod registered_process;
mod scripts;
mod seen_queues;
mod server;

pub use last_reason::LastReason;
pub use link::Link;
pub use lost_claims::{LostClaims, UnansweredClaim};
pub use nearest::Nearest;
pub use notifier::Changes;
pub use process_orders::{Orders, asked_status};
pub use queue_polling::PausedQueues;
pub use ranks::ranks_from_end;
pub use recovery::{CLAIMERS, DeadProcess, PROCESSES, RecoveryEffects, RecoveryPlan};
pub use recurring::{GuardedSteps, RecurringHash, TasksOf};
pub use redis;
pub use refused_changes::unless_refused;
pub use registered_process::{OldestClaims, RegisteredProcess};
pub use scripts::{COMMON_LUA, Script};
pub use seen_queues::SeenQueues;
