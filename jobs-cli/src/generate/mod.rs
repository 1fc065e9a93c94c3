//! Generates the code of jobs and projects: plans all files first, then writes them.

mod argument;
mod base;
mod insert_module;
mod job;
mod job_name;
mod package;
mod plan;
mod project;
mod template;

pub(crate) use job::job;
pub(crate) use plan::{FileAction, Plan};
pub(crate) use project::project;

/// The module with the jobs of a program. It is not called `jobs`, because that is the name of the crate.
const MODULE: &str = "background";
