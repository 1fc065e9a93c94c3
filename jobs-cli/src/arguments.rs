//! What can be written on the command line.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use jobs::{JobId, ProcessId, State, Timestamp};

use crate::recurrence::Recurring;
use crate::spans::{instant, span};
use crate::starting::Start;

/// Looks at background jobs, repairs them, and runs them.
#[derive(Debug, Parser)]
#[command(version, about, propagate_version = true, arg_required_else_help = true)]
pub(crate) struct Line {
    #[command(flatten)]
    pub(crate) common: Common,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What all commands take.
#[derive(Args, Debug)]
pub(crate) struct Common {
    /// The store, as `sqlite:jobs.db` or `postgres://user@host/shop`; otherwise that of `JOBS_URL`, otherwise that of
    /// the configuration
    #[arg(long, global = true, value_name = "URL", help_heading = "Where")]
    pub(crate) url: Option<String>,
    /// The configuration, also Rails' `config/queue.yml` or `config/sidekiq.yml`; otherwise that of `JOBS_CONFIG`,
    /// otherwise `config/jobs.yml`
    #[arg(short = 'C', long, global = true, value_name = "FILE", help_heading = "Where")]
    pub(crate) config: Option<PathBuf>,
    /// Rails' `config/recurring.yml` besides the configuration; otherwise the one beside a `queue.yml`
    #[arg(long, alias = "recurring_schedule_file", global = true, value_name = "FILE", help_heading = "Where")]
    pub(crate) recurring_file: Option<PathBuf>,
    /// The section of the configuration; otherwise that of `JOBS_ENV` (for Rails' files then `RAILS_ENV`), otherwise
    /// `development`
    #[arg(short, long, global = true, value_name = "NAME", help_heading = "Where")]
    pub(crate) environment: Option<String>,
    /// Prints JSON in a form that does not change
    #[arg(long, global = true, help_heading = "Output")]
    pub(crate) json: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Runs jobs until SIGINT or SIGTERM; a second one ends it at once, SIGTSTP or SIGUSR1 only stops claiming
    Start(Start),
    /// Lists jobs, the oldest first unless `--newest` is said
    List(List),
    /// Shows one job with its attempts and their errors
    Show(Show),
    /// Makes failed, discarded or scheduled jobs ready; without `--state` those that failed
    Retry(Change),
    /// Discards jobs that are neither claimed nor done; without `--state` in whatever other state
    Discard(Change),
    /// Sets another time for ready or scheduled jobs
    Reschedule(Reschedule),
    /// Forgets jobs that were finished or discarded some time ago
    Prune(Prune),
    /// Lists the queues with what waits in them
    Queues,
    /// Stops claims from a queue
    Pause(Queue),
    /// Lets a queue be claimed from again
    Resume(Queue),
    /// Lists jobs that recur, runs one now, or pauses and resumes its ticks for all processes
    Recurring(Recurring),
    /// Lists the processes that run jobs
    Processes,
    /// Counts jobs by state, queues and processes
    Stats,
    /// Shows queues, processes, what runs and what failed, live in the terminal, and acts on them by keys
    #[cfg(feature = "top")]
    Top(Top),
    /// Says whether all is well, for monitors: ends with 3 if not
    Health(Health),
    /// Says what is wrong with the configuration and between it, this program and the store: ends with 3 if anything
    Check(Check),
    /// Makes the tables, or brings them up to date
    Migrate,
    /// Serves a dashboard of the store to browsers, until SIGINT or SIGTERM
    #[cfg(feature = "dashboard")]
    Dashboard(Dashboard),
    /// Writes a job with its test into the project that one is in
    #[cfg(feature = "generate")]
    #[command(subcommand, visible_alias = "g")]
    Generate(Generate),
    /// Writes a project with one job, which compiles and runs
    #[cfg(feature = "generate")]
    New(NewProject),
    /// Prints completions for a shell
    Completions(Completions),
    /// Prints the manual page, of the program or of one command
    Man(Man),
}

#[derive(Args, Debug)]
pub(crate) struct List {
    #[command(flatten)]
    pub(crate) which: Which,
    /// How many at most
    #[arg(short, long, default_value_t = 100, value_name = "COUNT")]
    pub(crate) limit: usize,
    /// Begins with the newest
    #[arg(long)]
    pub(crate) newest: bool,
    /// Goes on after this job, the last of the page before
    #[arg(long, value_name = "ID", value_parser = id)]
    pub(crate) after: Option<JobId>,
}

/// Which jobs are meant: all that match.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct Which {
    /// Jobs in this state
    #[arg(short, long, value_enum, help_heading = "Which")]
    pub(crate) state: Option<StateName>,
    /// Jobs of this queue, by its name in the store
    #[arg(short, long, help_heading = "Which")]
    pub(crate) queue: Option<String>,
    /// Jobs of this name, as `send_mail`
    #[arg(short, long = "job", value_name = "NAME", help_heading = "Which")]
    pub(crate) name: Option<String>,
    /// Jobs that have this in their arguments or their id
    #[arg(long, value_name = "TEXT", help_heading = "Which")]
    pub(crate) text: Option<String>,
    /// Jobs whose last error has this in its class or message
    #[arg(long, value_name = "TEXT", help_heading = "Which")]
    pub(crate) error: Option<String>,
    /// Jobs enqueued since then: as `2h` for two hours ago, or `2026-01-31T08:00:00Z`
    #[arg(long, value_name = "TIME", value_parser = When::parse, help_heading = "Which")]
    pub(crate) since: Option<When>,
    /// Jobs enqueued before then
    #[arg(long, visible_alias = "before", value_name = "TIME", value_parser = When::parse, help_heading = "Which")]
    pub(crate) until: Option<When>,
    /// Jobs that this process holds
    #[arg(long, value_name = "PROCESS", value_parser = process, help_heading = "Which")]
    pub(crate) process: Option<ProcessId>,
}

#[derive(Args, Debug)]
pub(crate) struct Show {
    #[arg(value_parser = id)]
    pub(crate) id: JobId,
    /// Shows arguments also where this program does not know which of them are secret
    #[arg(long)]
    pub(crate) arguments: bool,
}

/// Jobs by their ids, or all that match.
#[derive(Args, Debug)]
pub(crate) struct Change {
    /// The jobs
    #[arg(value_parser = id, value_name = "ID", conflicts_with_all = ["state", "queue", "name", "text", "error", "since", "until", "process"])]
    pub(crate) ids: Vec<JobId>,
    #[command(flatten)]
    pub(crate) which: Which,
    /// Does it to all that match; without it they are only counted
    #[arg(long)]
    pub(crate) yes: bool,
    /// Only counts
    #[arg(long, conflicts_with = "yes")]
    pub(crate) dry_run: bool,
}

#[derive(Args, Debug)]
pub(crate) struct Reschedule {
    #[command(flatten)]
    pub(crate) change: Change,
    /// So long from now
    #[arg(long = "in", value_name = "SPAN", value_parser = span, required_unless_present = "at")]
    pub(crate) wait: Option<Duration>,
    /// Not before then, as `2026-01-31T08:00:00Z`
    #[arg(long, value_name = "TIME", value_parser = instant, conflicts_with = "wait")]
    pub(crate) at: Option<Timestamp>,
}

#[derive(Args, Debug)]
pub(crate) struct Prune {
    /// Those done at least so long ago
    #[arg(long, value_name = "SPAN", value_parser = span)]
    pub(crate) older_than: Duration,
}

#[derive(Args, Debug)]
pub(crate) struct Queue {
    /// Its name in the store
    pub(crate) queue: String,
}

#[derive(Args, Debug)]
pub(crate) struct Health {
    /// No job of a queue that is not paused may be ready for longer
    #[arg(long, default_value = "5m", value_name = "SPAN", value_parser = span)]
    pub(crate) max_latency: Duration,
    /// The same for one queue, as `mail=30s`; again for another one
    #[arg(long, value_name = "QUEUE=SPAN", value_parser = latency_of)]
    pub(crate) max_latency_of: Vec<(String, Duration)>,
    /// No more jobs may be failed
    #[arg(long, value_name = "COUNT")]
    pub(crate) max_failed: Option<u64>,
    /// So many processes have to live
    #[arg(long, default_value_t = 1, value_name = "COUNT")]
    pub(crate) min_processes: usize,
    /// A process that was silent for longer does not live
    #[arg(long, default_value = "1m", value_name = "SPAN", value_parser = span)]
    pub(crate) silence: Duration,
}

#[derive(Args, Debug)]
pub(crate) struct Check {
    /// How many jobs of each state are looked at
    #[arg(long, default_value_t = 10_000, value_name = "COUNT")]
    pub(crate) sample: usize,
}

/// The password is never an argument, where every user of the machine could read it.
#[cfg(feature = "dashboard")]
#[derive(Args, Debug)]
pub(crate) struct Dashboard {
    /// Where it listens; elsewhere than on this machine it needs a password in `JOBS_DASHBOARD_PASSWORD`
    #[arg(long, default_value = "127.0.0.1:4000", value_name = "ADDRESS")]
    pub(crate) bind: String,
    /// Who may see it, with the password of `JOBS_DASHBOARD_PASSWORD`
    #[arg(long, default_value = "jobs", value_name = "NAME")]
    pub(crate) user: String,
    /// Nothing can be changed by it
    #[arg(long)]
    pub(crate) read_only: bool,
    /// Everybody who reaches it may see it, wherever it listens
    #[arg(long)]
    pub(crate) without_authentication: bool,
    /// Shows arguments also where this program does not know which of them are secret
    #[arg(long)]
    pub(crate) arguments: bool,
    /// A host it is asked for by, without port; may be given again; by default any, and on this machine without a
    /// password its own names
    #[arg(long = "host", value_name = "NAME")]
    pub(crate) hosts: Vec<String>,
    /// The path that a proxy in front takes away, as `/ops`
    #[arg(long, value_name = "PATH")]
    pub(crate) public_path: Option<String>,
}

#[cfg(feature = "top")]
#[derive(Args, Debug)]
pub(crate) struct Top {
    /// How often the store is looked into
    #[arg(short, long, default_value = "1s", value_name = "SPAN", value_parser = span)]
    pub(crate) interval: Duration,
}

/// What can be written into a project.
#[cfg(feature = "generate")]
#[derive(Debug, Subcommand)]
pub(crate) enum Generate {
    /// Writes a job with its test, and names it in its module
    Job(NewJob),
}

#[cfg(feature = "generate")]
#[derive(Args, Debug)]
pub(crate) struct NewJob {
    /// Its name, as `SendEmail`, `send_email` or `admin/cleanup`
    pub(crate) name: String,
    /// Its arguments, as `user_id:u64`, `note:Option<String>`, or in Rails' words `user_id:integer`, `note:string?`
    #[arg(value_name = "NAME:TYPE")]
    pub(crate) arguments: Vec<String>,
    /// The queue it goes to
    #[arg(short, long)]
    pub(crate) queue: Option<String>,
    /// The base it has, which is written if there is none: `ApplicationJob`, or one by its path
    #[arg(short, long, visible_alias = "parent")]
    pub(crate) base: Option<String>,
    /// Only prints what would be written
    #[arg(long)]
    pub(crate) dry_run: bool,
}

#[cfg(feature = "generate")]
#[derive(Args, Debug)]
pub(crate) struct NewProject {
    /// A folder that is not there yet; its last part is the name of the crate
    pub(crate) folder: PathBuf,
    /// Sources of jobs to build with, instead of the published ones
    #[arg(long, value_name = "FOLDER")]
    pub(crate) path: Option<PathBuf>,
    /// Only prints what would be written
    #[arg(long)]
    pub(crate) dry_run: bool,
}

#[derive(Args, Debug)]
pub(crate) struct Man {
    /// The command, as `start`
    pub(crate) command: Option<String>,
}

#[derive(Args, Debug)]
pub(crate) struct Completions {
    pub(crate) shell: Shell,
}

/// A state by its word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct StateName(pub(crate) State);

const STATES: [StateName; State::ALL.len()] = {
    let mut names = [StateName(State::Scheduled); State::ALL.len()];
    let mut place = 0;
    while place < names.len() {
        names[place] = StateName(State::ALL[place]);
        place += 1;
    }
    names
};

impl ValueEnum for StateName {
    fn value_variants<'a>() -> &'a [Self] {
        &STATES
    }

    fn to_possible_value(&self) -> Option<clap::builder::PossibleValue> {
        Some(clap::builder::PossibleValue::new(self.0.as_str()))
    }
}

/// A point in time, or how long ago.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum When {
    At(Timestamp),
    Ago(Duration),
}

impl When {
    fn parse(text: &str) -> Result<Self, String> {
        let words = || format!("`{text}` is no time; write `2h` for two hours ago, or `2026-01-31T08:00:00Z`");
        span(text).map(Self::Ago).or_else(|_| instant(text).map(Self::At)).map_err(|_| words())
    }

    /// The point, seen from `now`.
    pub(crate) fn before(self, now: Timestamp) -> Timestamp {
        match self {
            Self::At(at) => at,
            Self::Ago(span) => now.before(span),
        }
    }
}

fn latency_of(text: &str) -> Result<(String, Duration), String> {
    let words = || format!("`{text}` is no limit of a queue; write it as `mail=30s`");
    let (queue, most) = text.rsplit_once('=').ok_or_else(words)?;
    Ok((queue.to_owned(), span(most)?))
}

fn id(text: &str) -> Result<JobId, String> {
    text.parse().map_err(|error: jobs::Error| error.to_string())
}

fn process(text: &str) -> Result<ProcessId, String> {
    text.parse().map(ProcessId::new).map_err(|_| format!("`{text}` is no process; see `jobsctl processes`"))
}
