//! What the stores of `jobs` on Ruby's Redis share: the connection and its errors, the head of all scripts, recurring tasks,
//! notifications, and what is known of processes and claims.
//!
//! For the crates `jobs-sidekiq` and `jobs-resque`. It may change in any release.

mod error;
mod link;
mod lost_claims;
mod nearest;
mod notifier;
mod queue_polling;
mod recurring;
mod registered_process;
mod scripts;
mod server;

pub use link::Link;
pub use lost_claims::{LostClaims, UnansweredClaim};
pub use nearest::Nearest;
pub use notifier::Changes;
pub use recurring::{GuardedSteps, RecurringHash, TasksOf};
pub use redis;
pub use registered_process::RegisteredProcess;
pub use scripts::{COMMON_LUA, Script};
