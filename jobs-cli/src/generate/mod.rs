//! Generates the code of jobs and projects: plans all files first, then writes them.

mod argument;
mod base;
mod checkout;
mod insert_module;
mod job;
mod job_name;
mod modules;
mod package;
mod plan;
mod project;
mod ruby;
mod template;

pub(crate) use job::job;
pub(crate) use plan::{FileAction, Plan};
pub(crate) use project::project;
pub(crate) use ruby::{remote_jobs, ruby_classes};
