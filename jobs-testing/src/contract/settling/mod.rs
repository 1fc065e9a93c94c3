//! What settling promises: the decisions, the errors, and the fencing of old claims.

pub mod attempt_logs;
pub mod continuation;
pub mod errors;
pub mod fencing;
pub mod settle;
pub mod settle_and_claim;
