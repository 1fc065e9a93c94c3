//! Promises under concurrency: races, a stress run, and a random walk against a model.

pub mod model;
pub mod races;
pub(crate) mod runner;
pub mod stress;
