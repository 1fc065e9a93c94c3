//! From the command line to a command and to how it ends.

use std::error::Error as _;
use std::process::ExitCode;

use anstyle::{AnsiColor, Style};
use clap::Parser;
use jobs::{Error, RuntimeBuilder};

use crate::arguments::{Command, Line};
use crate::commands;
use crate::ending::{Ending, Result, Trouble};
use crate::output::Output;
use crate::place::Place;

/// Sets up what the jobs of a program need.
pub(crate) type Configure = Box<dyn FnOnce(RuntimeBuilder) -> RuntimeBuilder + Send>;

/// Does what the command line says, for a program with jobs. `configure` gives the runtime what its jobs need, for
/// `start` and `check`; the store, the workers and the limits are those of the configuration and the command line.
///
/// Not cancel safe: a dropped future leaves a started runtime running.
pub async fn run(configure: impl FnOnce(RuntimeBuilder) -> RuntimeBuilder + Send + 'static) -> ExitCode {
    begin(Some(Box::new(configure))).await
}

/// Does what the command line says, for a program that has no jobs: looks into a store and repairs what is there.
///
/// Cancel safe: a dropped future leaves what a command has done until then.
pub async fn operate() -> ExitCode {
    begin(None).await
}

async fn begin(configure: Option<Configure>) -> ExitCode {
    let line = match Line::try_parse() {
        Ok(line) => line,
        Err(error) => {
            // Help goes to the standard output, mistakes to the other; if nobody reads them, the status says it.
            let _nobody_reads = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    let output = Output::new(line.common.json);
    match obey(line, configure, output).await {
        Ok(ending) => ending.into(),
        Err(Trouble::NobodyReads) => ExitCode::SUCCESS,
        Err(Trouble::Said(error)) => {
            complain(&error);
            ExitCode::FAILURE
        }
    }
}

async fn obey(line: Line, configure: Option<Configure>, output: Output) -> Result<Ending> {
    let Line { common, command } = line;
    let place = Place::new(&common);
    match command {
        Command::Start(start) => commands::start(&place, start, configure).await,
        Command::List(list) => commands::list(&place.open().await?, list, output).await,
        Command::Show(show) => commands::show(&place.open().await?, &show, output).await,
        Command::Retry(change) => commands::retry(&place.open().await?, &change, output).await,
        Command::Discard(change) => commands::discard(&place.open().await?, &change, output).await,
        Command::Reschedule(reschedule) => commands::reschedule(&place.open().await?, &reschedule, output).await,
        Command::Prune(prune) => commands::prune(&place.open().await?, &prune, output).await,
        Command::Queues => commands::queues(&place.open().await?, output).await,
        Command::Pause(queue) => commands::pause(&place.open().await?, &queue, output).await,
        Command::Resume(queue) => commands::resume(&place.open().await?, &queue, output).await,
        Command::Recurring(recurring) => commands::recurring(&place, recurring, configure, output).await,
        Command::Processes => commands::processes(&place.open().await?, output).await,
        Command::Stats => commands::stats(&place.open().await?, output).await,
        #[cfg(feature = "top")]
        Command::Top(top) => crate::top::top(&place.open().await?, top.interval, common.json).await,
        Command::Health(health) => commands::health(&place, &health, output).await,
        Command::Check(check) => commands::check(&place, &check, configure, output).await,
        Command::Migrate => commands::migrate(&place, output).await,
        #[cfg(feature = "dashboard")]
        Command::Dashboard(dashboard) => commands::dashboard(&place, &dashboard, configure).await,
        #[cfg(feature = "generate")]
        Command::Generate(generate) => commands::generate(&generate, output),
        #[cfg(feature = "generate")]
        Command::New(new) => commands::new(&new, output),
        Command::Completions(completions) => commands::completions(&completions),
        Command::Man(man) => commands::man(&man),
    }
}

/// Says what went wrong, and why, on the standard error.
fn complain(error: &Error) {
    let red = Style::new().fg_color(Some(AnsiColor::Red.into())).bold();
    anstream::eprintln!("{red}error:{red:#} {error}");
    let mut cause = error.source();
    while let Some(deeper) = cause {
        // Messages often end with their cause already.
        if !error.to_string().contains(&deeper.to_string()) {
            anstream::eprintln!("  because: {deeper}");
        }
        cause = deeper.source();
    }
}
