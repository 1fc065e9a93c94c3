//! The last pass: Rust code from what was validated.

pub(crate) mod base;
mod callbacks;
pub(crate) mod fallback;
pub(crate) mod job;
pub(crate) mod perform;
pub(crate) mod policy;
