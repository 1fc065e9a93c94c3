//! The store: the database of an application, and the calls of the contract.

mod calls;
mod check;
mod core;
mod statements;

pub use calls::DelayedJobStore;
pub(crate) use check::ColumnLimits;
pub(crate) use core::{StoreCore, read_row};
pub(crate) use statements::Statements;
