//! Promises of the whole, through the facade.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on is to stop")]

mod ambient;
mod arguments;
mod around_enqueue;
mod bases;
mod bulk;
mod callbacks;
mod carrying;
mod conditions;
mod counting;
mod enqueue_callbacks;
mod enqueuing;
mod events;
mod failures;
mod fencing;
mod giving_up;
mod lending;
mod nesting;
mod outages;
mod panics;
mod performing_now;
mod powers;
mod pruning;
mod queues;
mod reporting;
mod restarts;
mod retries;
mod scheduling;
mod setup;
mod shutdown;
mod start_up;
mod stuck;
mod subscribing;
mod workers;
