//! Bulk actions: one action on all jobs that match a query, in the background.

pub(crate) mod action;
pub(crate) mod registry;
pub(crate) mod run;
