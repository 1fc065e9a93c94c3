//! The flags that select jobs.

use clap::{Args, ValueEnum};
use jobs::State;
use jobs::store::{FailureKey, ProcessId};

use crate::args::values::{TimeArg, failure_key, non_empty, process_id};

/// Selects the jobs that match all flags that are given.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct JobFilterArgs {
    /// Only jobs in this state
    #[arg(short, long, value_enum, help_heading = "Which jobs")]
    pub(crate) state: Option<StateName>,
    /// Only jobs of this queue, by its name in the store
    #[arg(short, long, value_parser = non_empty, help_heading = "Which jobs")]
    pub(crate) queue: Option<String>,
    /// Only jobs of this name, such as `send_mail`
    #[arg(short, long = "job", alias = "name", value_name = "NAME", value_parser = non_empty, help_heading = "Which jobs")]
    pub(crate) name: Option<String>,
    /// Only jobs whose id or arguments contain this text; arguments are searched only as far as `show` would show them
    #[arg(long, value_name = "TEXT", value_parser = non_empty, help_heading = "Which jobs")]
    pub(crate) text: Option<String>,
    /// With `--text`: also searches arguments that `show` would not show
    #[arg(long, requires = "text", help_heading = "Which jobs")]
    pub(crate) arguments: bool,
    /// Only jobs whose last error contains this text in its class or message
    #[arg(long, value_name = "TEXT", value_parser = non_empty, help_heading = "Which jobs")]
    pub(crate) error: Option<String>,
    /// Only jobs of one group of failures, by its key in `failures`; a change without `--state` takes only the failed ones
    #[arg(long, value_name = "KEY", value_parser = failure_key, help_heading = "Which jobs")]
    pub(crate) failure: Option<FailureKey>,
    /// Only jobs enqueued at or after this time: `2h` means two hours ago, or write `2026-01-31T08:00:00Z`
    #[arg(long, value_name = "TIME", value_parser = TimeArg::parse, help_heading = "Which jobs")]
    pub(crate) since: Option<TimeArg>,
    /// Only jobs enqueued before this time
    #[arg(long, visible_alias = "before", value_name = "TIME", value_parser = TimeArg::parse,
          help_heading = "Which jobs")]
    pub(crate) until: Option<TimeArg>,
    /// Only jobs that this process has claimed, by its id in `processes`
    #[arg(long, value_name = "PROCESS", value_parser = process_id, help_heading = "Which jobs")]
    pub(crate) process: Option<ProcessId>,
}

impl JobFilterArgs {
    /// Whether no flag is given, so that all jobs match.
    pub(crate) fn is_empty(&self) -> bool {
        let Self { state, queue, name, text, arguments: _, error, failure, since, until, process } = self;
        let texts = [queue, name, text, error];
        let are_missing = state.is_none() && failure.is_none() && process.is_none();
        are_missing && texts.iter().all(|text| text.is_none()) && since.or(*until).is_none()
    }

    /// The state, if no other flag is given: its jobs are counted already.
    pub(crate) fn whole_state(&self) -> Option<State> {
        let others = Self { state: None, ..self.clone() };
        self.state.filter(|_| others.is_empty()).map(|StateName(state)| state)
    }
}

/// The name of a state on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct StateName(pub(crate) State);

// `value_variants` returns a slice that lives for ever, so the names are computed at compile time.
const STATES: [StateName; State::ALL.len()] = {
    let mut names = [StateName(State::Scheduled); State::ALL.len()];
    let mut index = 0;
    while index < names.len() {
        names[index] = StateName(State::ALL[index]);
        index += 1;
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
