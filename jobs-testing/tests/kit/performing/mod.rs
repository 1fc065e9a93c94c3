//! How `TestJobs` performs jobs: drains, blocks, retries, snoozes, times, and the `inline:` store.

mod blocks;
mod drains;
mod inline;
mod retries;
mod snooze;
mod times;
mod transactions;
mod unique;
