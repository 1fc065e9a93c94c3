//! What can be written after `recurring`.

use clap::{Args, Subcommand};

#[derive(Args, Debug)]
pub(crate) struct Recurring {
    #[command(subcommand)]
    pub(crate) verb: Option<Verb>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// Lists the tasks with their last and their next ticks, as without a word
    List,
    /// Enqueues the job of a task now, beside its ticks
    Run(Task),
    /// No tick of a task is taken by any process until it is resumed
    Pause(Task),
    /// The ticks of a task are taken again, from the next one on
    Resume(Task),
    /// Forgets a task that no program declares any more
    Forget(Task),
}

#[derive(Args, Debug)]
pub(crate) struct Task {
    /// The key of the task, as `jobsctl recurring` lists it
    pub(crate) key: String,
}
