//! The entry points: parse the command line, run the command, print its error, return the exit status.

use std::error::Error as StdError;
use std::process::ExitCode;

use anstyle::{AnsiColor, Style};
use clap::FromArgMatches;
use jobs::{Error, RuntimeBuilder};
use jobs_core::url::masked;

use crate::args::{Cli, Command};
use crate::commands;
use crate::configure::Configure;
use crate::exit::{CommandError, CommandResult};
use crate::output::{Printer, error_text, is_any_escaped, json_line};
use crate::store::Target;

/// Runs the command line of a program that has jobs. `configure` gives the runtime what the jobs need, for `start`,
/// `check`, `recurring run` and `dashboard`; the store, the workers and the limits come from the configuration and the
/// command line.
///
/// Cancel safe: a dropped future stops a started runtime.
pub async fn run(configure: impl FnOnce(RuntimeBuilder) -> RuntimeBuilder + Send + 'static) -> ExitCode {
    main(Some(Box::new(configure))).await
}

/// Runs the command line of a program that has no jobs: it inspects and repairs a store.
///
/// Cancel safe: a dropped future leaves what a command has done until then.
pub async fn operate() -> ExitCode {
    main(None).await
}

async fn main(configure: Option<Configure>) -> ExitCode {
    let parsed = Cli::definition().try_get_matches().and_then(|matches| Cli::from_arg_matches(&matches));
    let cli = match parsed {
        Ok(cli) => cli,
        Err(error) => {
            if error.exit_code() != 0 && asks_for_json() {
                print_json_mistake(&error);
            } else {
                print_mistake(&error);
            }
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    let is_json = cli.global.json;
    match dispatch(cli, configure).await {
        Ok(exit) => exit.into(),
        Err(CommandError::OutputClosed) => ExitCode::SUCCESS,
        Err(CommandError::Failed(error)) => {
            if is_json {
                print_json_error(&error);
            } else {
                print_error(&error);
            }
            ExitCode::FAILURE
        }
    }
}

/// Prints what is wrong with the command line, or the help. If the output is closed, the exit status still tells the
/// result.
fn print_mistake(error: &clap::Error) {
    let text = error.to_string();
    let is_help = error.exit_code() == 0;
    let shown = if is_help { text.clone() } else { error_text(&hide_secrets(&text, arguments())) };
    // With the colours of `print` come the codes of terminals that an argument holds.
    if is_help || shown == text && !is_any_escaped() {
        // Help goes to the standard output, mistakes to the standard error.
        let _closed = error.print();
    } else {
        anstream::eprint!("{shown}");
    }
}

/// Prints what is wrong with the command line as one JSON object on the standard error, without the usage that follows.
fn print_json_mistake(error: &clap::Error) {
    let text = error.to_string();
    let text = text.split("\n\nUsage:").next().unwrap_or_default();
    let text = text.split("\n\nFor more information").next().unwrap_or_default();
    let text = hide_secrets(text.trim(), arguments());
    let message = text.strip_prefix("error: ").unwrap_or(&text);
    print_error_object(message, &[], true, false);
}

fn arguments() -> impl Iterator<Item = String> {
    std::env::args_os().skip(1).map(|argument| argument.to_string_lossy().into_owned())
}

/// Whether `--json` is among the arguments, which could not be parsed.
fn asks_for_json() -> bool {
    arguments().take_while(|argument| argument != "--").any(|argument| argument == "--json")
}

/// The text without the arguments that may hold a password: URLs and connection strings.
fn hide_secrets(text: &str, arguments: impl Iterator<Item = String>) -> String {
    let text = arguments.filter(|argument| may_hold_password(argument)).fold(text.to_owned(), |text, argument| {
        let long = argument.strip_prefix("--").and_then(|option| option.split_once('=')).map(|(_, value)| value);
        let short = argument.strip_prefix('-').filter(|rest| !rest.starts_with('-')).and_then(|rest| rest.get(1..));
        let value = long.or(short).filter(|value| !value.is_empty());
        text.replace(&argument, "[hidden]").replace(value.unwrap_or(&argument), "[hidden]")
    });
    masked(&text).into_owned()
}

/// Also a part of a URL, as `secret@host`, unlike in other messages: an argument is seldom an e-mail address.
fn may_hold_password(argument: &str) -> bool {
    let has_login = argument.find('@').is_some_and(|at| at > 0);
    let words = argument.to_lowercase();
    let is_setting = argument.contains(['@', ':', '=']) && (words.contains("password") || words.contains("passwd"));
    has_login || is_setting || masked(argument) != argument
}

async fn dispatch(cli: Cli, configure: Option<Configure>) -> CommandResult {
    let Cli { global, command } = cli;
    let (target, printer) = (Target::new(&global), Printer::new(global.json));
    match command {
        Command::Start(args) => commands::start(&target, args, configure).await,
        Command::List(args) => commands::list(&target.open().await?, args, printer).await,
        Command::Show(args) => commands::show(&target.open().await?, &args, printer).await,
        Command::Failures(args) => commands::failures(&target.open().await?, &args, printer).await,
        Command::Enqueue(args) => commands::enqueue(&target, &args, configure, printer).await,
        Command::Cancel(args) => commands::cancel(&target.open().await?, &args, printer).await,
        Command::Retry(args) => commands::retry(&target.open().await?, &args, printer).await,
        Command::Discard(args) => commands::discard(&target.open().await?, &args, printer).await,
        Command::Reschedule(args) => commands::reschedule(&target.open().await?, &args, printer).await,
        Command::Prune(args) => commands::prune(&target.open().await?, &args, printer).await,
        Command::Queues => commands::queues(&target.open().await?, printer).await,
        Command::Pause(args) => commands::pause(&target.open().await?, &args, printer).await,
        Command::Resume(args) => commands::resume(&target.open().await?, &args, printer).await,
        Command::Recurring(args) => commands::recurring(&target, args, configure, printer).await,
        Command::Processes => commands::processes(&target.open().await?, printer).await,
        Command::Quiet(args) => commands::quiet(&target.open().await?, &args, printer).await,
        Command::Stop(args) => commands::stop(&target.open().await?, &args, printer).await,
        Command::Stats => commands::stats(&target.open().await?, printer).await,
        Command::Figures(args) => commands::figures(&target.open().await?, &args, printer).await,
        #[cfg(feature = "top")]
        Command::Top(args) => crate::top::top(&target.open().await?, args.interval, global.json).await,
        Command::Health(args) => commands::health(&target, &args, printer).await,
        Command::Check(args) => commands::check(&target, &args, configure, printer).await,
        Command::Migrate => commands::migrate(&target, printer).await,
        #[cfg(feature = "dashboard")]
        Command::Dashboard(args) => commands::dashboard(&target, &args, configure).await,
        #[cfg(feature = "generate")]
        Command::Generate(command) => commands::generate(&command, printer),
        #[cfg(feature = "generate")]
        Command::New(args) => commands::new(&args, printer),
        Command::Completions(args) => commands::completions(&args),
        Command::Man(args) => commands::man(&args),
    }
}

/// Prints an error with its causes on the standard error, without passwords.
fn print_error(error: &Error) {
    let red = Style::new().fg_color(Some(AnsiColor::Red.into())).bold();
    anstream::eprintln!("{red}error:{red:#} {}", error_text(&masked(&error.to_string())));
    for reason in causes(error) {
        anstream::eprintln!("  because: {}", error_text(&masked(&reason)));
    }
}

/// Prints an error as one JSON object on the standard error: `error`, `causes`, and `invalid` if the request has to be changed,
/// `transient` if it may work later.
fn print_json_error(error: &Error) {
    let causes: Vec<String> = causes(error).iter().map(|cause| masked(cause).into_owned()).collect();
    let is_to_change = error.is_invalid() || error.is_not_found();
    print_error_object(&masked(&error.to_string()), &causes, is_to_change, error.is_transient());
}

fn print_error_object(error: &str, causes: &[String], invalid: bool, transient: bool) {
    let object = serde_json::json!({"error": error, "causes": causes, "invalid": invalid, "transient": transient});
    eprintln!("{}", json_line(&object).unwrap_or_default());
}

/// The messages of the causes. Many messages contain the text of their cause already.
fn causes(error: &Error) -> Vec<String> {
    let message = error.to_string();
    let causes = std::iter::successors(error.source(), |cause| StdError::source(*cause)).map(ToString::to_string);
    causes.filter(|cause| !message.contains(cause)).collect()
}
