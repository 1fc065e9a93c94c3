//! Log lines on the standard error, for programs that have no log of their own.

use std::io::{self, IsTerminal};

use jobs::Error;
use tracing_subscriber::filter::LevelFilter;

/// Which lines there are: `off`, `error`, `warn`, `info`, `debug` or `trace`.
const LEVEL: &str = "JOBS_LOG";

/// Begins to write them, unless the program does so already: then it goes on with its own.
///
/// # Errors
/// The variable holds no level.
pub(crate) fn begin() -> Result<(), Error> {
    let level = match std::env::var(LEVEL) {
        Ok(text) => text.parse().map_err(|_| no_level(&text))?,
        Err(_) => LevelFilter::INFO,
    };
    let is_colourful = io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    let lines = tracing_subscriber::fmt().with_writer(io::stderr).with_max_level(level).with_ansi(is_colourful);
    // Where nobody reads the lines any more, there is also nobody to tell.
    let _has_one = lines.log_internal_errors(false).try_init();
    Ok(())
}

fn no_level(text: &str) -> Error {
    Error::invalid(format!("`{LEVEL}={text}` is no level: write `off`, `error`, `warn`, `info`, `debug` or `trace`"))
}
