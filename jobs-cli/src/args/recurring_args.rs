//! The arguments of `recurring`.

use clap::{Args, Subcommand};

use crate::args::values::non_empty;

#[derive(Args, Debug)]
pub(crate) struct RecurringArgs {
    #[command(subcommand)]
    pub(crate) command: Option<RecurringCommand>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum RecurringCommand {
    /// Lists the recurring tasks with their last and next ticks; this is the default
    List,
    /// Enqueues the job of a task now, in addition to its ticks
    Run(TaskArgs),
    /// Pauses a task: no process runs its ticks until it is resumed
    Pause(TaskArgs),
    /// Resumes a task, from its next tick on
    Resume(TaskArgs),
    /// Deletes a task that no program declares any more
    Forget(TaskArgs),
}

#[derive(Args, Debug)]
pub(crate) struct TaskArgs {
    /// The key of the task, as `recurring list` prints it
    #[arg(value_parser = non_empty)]
    pub(crate) key: String,
}
