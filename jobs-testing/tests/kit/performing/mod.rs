//! How `TestJobs` performs jobs: drains, blocks, retries, times, and the `inline:` store.

mod blocks;
mod drains;
mod inline;
mod retries;
mod times;
mod transactions;
mod unique;
