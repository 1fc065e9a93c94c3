//! What claiming promises: which jobs a claim takes, and in which order.

pub mod claim;
pub mod order;
pub mod selector_limits;
pub mod selectors;
