//! The store that the commands work on: where it is, how it is opened, and how its jobs are paged through.

pub(crate) mod audit;
mod job_pages;
mod open_store;
mod target;

pub(crate) use job_pages::JobPages;
pub(crate) use open_store::{NEWER_SCHEMA, OpenStore, no_such_job};
pub(crate) use target::Target;
