//! The arguments of the command line, parsed by clap.

mod figure_args;
#[cfg(feature = "generate")]
mod generate_args;
mod job_args;
mod job_filter;
mod recurring_args;
mod ruby_flags;
mod start_args;
mod store_args;
mod values;

use std::path::PathBuf;

use clap::{Arg, Args, CommandFactory, Parser, Subcommand};
use clap_complete::Shell;

pub(crate) use figure_args::{FigureOrder, FiguresArgs};
#[cfg(feature = "generate")]
pub(crate) use generate_args::{
    GenerateCommand, GenerateJobArgs, GenerateRemoteArgs, GenerateRubyArgs, NewProjectArgs,
};
pub(crate) use job_args::{
    CancelArgs, ChangeArgs, EnqueueArgs, FailuresArgs, ListArgs, PruneArgs, RescheduleArgs, ShowArgs, SortTime,
};
pub(crate) use job_filter::{JobFilterArgs, StateName};
pub(crate) use recurring_args::{RecurringArgs, RecurringCommand, TaskArgs};
pub(crate) use start_args::StartArgs;
#[cfg(feature = "dashboard")]
pub(crate) use store_args::DashboardArgs;
#[cfg(feature = "top")]
pub(crate) use store_args::TopArgs;
pub(crate) use store_args::{CheckArgs, HealthArgs, ProcessArgs, QueueArgs};

/// Inspects and repairs stored background jobs, and runs the jobs of a program
#[derive(Debug, Parser)]
#[command(version, propagate_version = true, arg_required_else_help = true)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: GlobalArgs,
    #[command(subcommand)]
    pub(crate) command: Command,
}

impl Cli {
    /// The commands, with the flags about stores hidden in those that open none.
    pub(crate) fn definition() -> clap::Command {
        let cli = Self::command();
        let is_hidden = |flag: &&Arg| flag.is_global_set() && flag.get_id() != "json";
        let hidden: Vec<Arg> = cli.get_arguments().filter(is_hidden).map(|flag| flag.clone().hide(true)).collect();
        cli.mut_subcommands(
            |command| {
                if OPEN_NO_STORE.contains(&command.get_name()) { command.args(&hidden) } else { command }
            },
        )
    }
}

/// The commands that open no store.
const OPEN_NO_STORE: &[&str] = &["generate", "new", "completions", "man"];

/// The flags of all commands.
#[derive(Args, Debug)]
pub(crate) struct GlobalArgs {
    /// The URL of the store, such as `sqlite:jobs.db` or `postgres://user@host/shop`. By default the variable
    /// `JOBS_URL`, otherwise `store` in the configuration
    #[arg(long, global = true, value_name = "URL", value_parser = values::non_empty, help_heading = "Store and configuration")]
    pub(crate) url: Option<String>,
    /// The configuration file; Rails' `config/queue.yml` and `config/sidekiq.yml` work too. By default the variable
    /// `JOBS_CONFIG`, otherwise `config/jobs.yml` if it exists
    #[arg(short = 'C', long, global = true, value_name = "FILE", help_heading = "Store and configuration")]
    pub(crate) config: Option<PathBuf>,
    /// A file of recurring jobs such as Rails' `config/recurring.yml` or sidekiq-cron's `config/schedule.yml`, in addition
    /// to the configuration. By default the `recurring.yml` beside a `queue.yml`
    #[arg(
        long,
        alias = "recurring_schedule_file",
        global = true,
        value_name = "FILE",
        help_heading = "Store and configuration"
    )]
    pub(crate) recurring_file: Option<PathBuf>,
    /// The time zone of schedules in files that name none, such as `America/New_York` or Rails' `Eastern Time (US &
    /// Canada)`. By default the variable `JOBS_TIME_ZONE`, otherwise `time_zone` in the configuration, otherwise UTC
    #[arg(long, alias = "time-zone", global = true, value_name = "ZONE", help_heading = "Store and configuration")]
    pub(crate) zone: Option<String>,
    /// The section of the configuration to use. By default the variable `JOBS_ENV`, for Rails' files then `RAILS_ENV`,
    /// otherwise `development`
    #[arg(short, long, global = true, value_name = "NAME", value_parser = values::non_empty, help_heading = "Store and configuration")]
    pub(crate) environment: Option<String>,
    /// Prints JSON in a stable format, instead of tables and text
    #[arg(long, global = true, help_heading = "Output")]
    pub(crate) json: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Runs jobs until SIGINT or SIGTERM; a second signal ends the process at once, SIGTSTP or SIGUSR1 only stops
    /// claiming new jobs
    Start(StartArgs),
    /// Lists jobs, the oldest first by default
    List(ListArgs),
    /// Shows one job with its attempts and their errors
    Show(ShowArgs),
    /// Lists failed jobs in groups: by job, class of the error, and message without numbers, ids and quoted texts
    Failures(FailuresArgs),
    /// Enqueues a job by its name, with arguments as JSON
    Enqueue(EnqueueArgs),
    /// Makes failed, discarded or scheduled jobs ready to run; without `--state`, only failed jobs
    Retry(ChangeArgs),
    /// Discards jobs that are neither claimed nor done; without `--state`, jobs in all those states
    Discard(ChangeArgs),
    /// Discards jobs that wait or have failed; the process of a job that runs is asked to cancel it
    Cancel(CancelArgs),
    /// Sets a new time for ready or scheduled jobs
    Reschedule(RescheduleArgs),
    /// Deletes jobs that finished or were discarded some time ago
    Prune(PruneArgs),
    /// Lists the queues with their ready jobs
    Queues,
    /// Pauses a queue: no process claims jobs from it
    Pause(QueueArgs),
    /// Resumes a paused queue
    Resume(QueueArgs),
    /// Lists recurring tasks, runs one now, or pauses, resumes and deletes them for all processes
    Recurring(RecurringArgs),
    /// Lists the processes that run jobs
    Processes,
    /// Asks a process, also on another machine, to claim no more jobs; it cannot be undone
    Quiet(ProcessArgs),
    /// Asks a process, also on another machine, to stop in order, as after SIGTERM
    Stop(ProcessArgs),
    /// Prints the number of jobs in each state, of queues and of processes
    Stats,
    /// Prints attempts, errors, run times and waits of the last hour, day or week, by job or by queue
    Figures(FiguresArgs),
    /// Shows queues, processes, running and failed jobs, live in the terminal, with keys to change them
    #[cfg(feature = "top")]
    Top(TopArgs),
    /// Checks that the system works, for monitors: exits with status 3 if it does not
    Health(HealthArgs),
    /// Checks the configuration, and compares it with this program and the store: exits with status 3 if there are
    /// mistakes
    Check(CheckArgs),
    /// Creates the tables of the store, or brings them up to date
    Migrate,
    /// Serves a dashboard of the store to browsers, until SIGINT or SIGTERM
    #[cfg(feature = "dashboard")]
    Dashboard(DashboardArgs),
    /// Writes a job with its test into the current project
    #[cfg(feature = "generate")]
    #[command(subcommand, visible_alias = "g")]
    Generate(GenerateCommand),
    /// Creates a project with one job, which compiles and runs
    #[cfg(feature = "generate")]
    New(NewProjectArgs),
    /// Prints a completion script for a shell
    Completions(CompletionsArgs),
    /// Prints the manual page of the program, or of one command
    Man(ManArgs),
}

#[derive(Args, Debug)]
pub(crate) struct ManArgs {
    /// The name of the command, such as `start`; by default the page of the program
    pub(crate) command: Option<String>,
}

#[derive(Args, Debug)]
pub(crate) struct CompletionsArgs {
    /// The shell
    pub(crate) shell: Shell,
}
