//! Workers on the Redis of a Ruby fleet: fail-overs, and the arguments that Ruby passes.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on is to stop")]

mod address;
mod failover;
mod fleet;
mod keywords;
mod node_resque;
#[path = "../../jobs-redis/tests/common/server.rs"]
mod server;

const STORES: [&str; 2] = ["sidekiq", "resque"];
