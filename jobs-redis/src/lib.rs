//! What the stores of `jobs` on Ruby's Redis share: the connection and its errors.
//!
//! For the crates `jobs-sidekiq` and `jobs-resque`. It may change in any release.

mod error;
mod link;
mod lost_claims;
mod nearest;
mod notifier;
mod queue_polling;
mod scripts;
mod server;

pub use link::Link;
pub use lost_claims::{LostClaims, UnansweredClaim};
pub use nearest::Nearest;
pub use notifier::Changes;
pub use redis;
pub use scripts::COMMON_LUA;
