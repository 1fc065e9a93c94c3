//! What the stores of `jobs` on Ruby's Redis share: the connection, its errors, and the clock of the server.
//!
//! For the crates `jobs-sidekiq` and `jobs-resque`. It may change in any release.

mod clock;
mod error;
mod link;

pub use clock::StoreClock;
pub use link::Link;
pub use redis;
