//! Writes jobs and projects: first all that is to be written is known, then it is written.

mod argument;
mod base;
mod insert;
mod job;
mod name;
mod package;
mod plan;
mod project;
mod template;

pub(crate) use job::job;
pub(crate) use plan::{Action, Plan};
pub(crate) use project::project;

/// The module that holds the jobs of a program. `jobs` would be the crate's own name.
const MODULE: &str = "background";
