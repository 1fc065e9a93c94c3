//! What the stores of `jobs` on Ruby's Redis share: the connection and its errors.
//!
//! For the crates `jobs-sidekiq` and `jobs-resque`. It may change in any release.

mod error;
mod link;

pub use link::Link;
pub use redis;
