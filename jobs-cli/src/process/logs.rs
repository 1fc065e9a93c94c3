//! Log lines on the standard error, for programs that set up no log themselves.

use std::io::{self, IsTerminal};

use jobs::Error;
use tracing_subscriber::filter::LevelFilter;

/// The environment variable with the level: `off`, `error`, `warn`, `info`, `debug` or `trace`.
const LEVEL: &str = "JOBS_LOG";

/// Starts to write log lines, unless the program has a `tracing` subscriber already.
///
/// # Errors
/// The variable has a value that is not a level.
pub(crate) fn init() -> Result<(), Error> {
    let level = match std::env::var(LEVEL) {
        Ok(text) => text.parse().map_err(|_| invalid_level(&text))?,
        Err(_) => LevelFilter::INFO,
    };
    let has_colours = io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    let subscriber = tracing_subscriber::fmt().with_writer(io::stderr).with_max_level(level).with_ansi(has_colours);
    // If the standard error is closed, an internal error could not be reported there either. `try_init` fails if the
    // program has a subscriber, which then stays.
    let _existing = subscriber.log_internal_errors(false).try_init();
    Ok(())
}

fn invalid_level(text: &str) -> Error {
    Error::invalid(format!(
        "`{LEVEL}={text}` is not a valid level: write `off`, `error`, `warn`, `info`, `debug` or `trace`"
    ))
}
