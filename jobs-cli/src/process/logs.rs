//! Log lines on the standard error, for programs that set up no log themselves, and the logs of attempts for the store.

use std::env::VarError;
use std::io::{self, IsTerminal, Write};

use jobs::Error;
use jobs::logs::AttemptLogLayer;
use jobs_core::OneLine;
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// The environment variable with the level: `off`, `error`, `warn`, `info`, `debug` or `trace`.
const LEVEL: &str = "JOBS_LOG";

/// Starts to write log lines, unless the program has a `tracing` subscriber already.
///
/// # Errors
/// The variable has a value that is not a level.
pub(crate) fn init() -> Result<(), Error> {
    let level = match std::env::var(LEVEL) {
        Ok(text) => text.parse().map_err(|_| invalid_level(&text))?,
        Err(VarError::NotPresent) => LevelFilter::INFO,
        Err(VarError::NotUnicode(text)) => return Err(invalid_level(&text.to_string_lossy())),
    };
    let has_colours = io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    let subscriber = tracing_subscriber::fmt()
        .with_writer(move || OneLineWriter::new(io::stderr(), has_colours))
        .with_max_level(level)
        .with_ansi(has_colours)
        .log_internal_errors(false)
        .finish()
        .with(AttemptLogLayer::new());
    // If the standard error is closed, an internal error could not be reported there either. `try_init` fails if the
    // program has a subscriber, which then stays.
    let _existing = subscriber.try_init();
    Ok(())
}

/// Writes each event as one line, also those of the program's own code: what would break the line or control the terminal is
/// escaped. The subscriber hands over a whole event with each call.
struct OneLineWriter<W> {
    inner: W,
    /// The escape character stays, since colours are made of it. The subscriber escapes it in messages and values itself.
    has_colours: bool,
}

impl<W> OneLineWriter<W> {
    const fn new(inner: W, has_colours: bool) -> Self {
        Self { inner, has_colours }
    }

    fn escaped(&self, event: &str) -> String {
        if !self.has_colours {
            return OneLine(event).to_string();
        }
        event.split(ESCAPE).map(|part| OneLine(part).to_string()).collect::<Vec<_>>().join(ESCAPE)
    }
}

/// Begins a colour.
const ESCAPE: &str = "\u{1b}";

impl<W: Write> Write for OneLineWriter<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let event = String::from_utf8_lossy(bytes);
        let (event, end) = event.strip_suffix('\n').map_or((&*event, ""), |event| (event, "\n"));
        self.inner.write_all((self.escaped(event) + end).as_bytes())?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

fn invalid_level(text: &str) -> Error {
    Error::invalid(format!(
        "`{LEVEL}={text}` is not a valid level: write `off`, `error`, `warn`, `info`, `debug` or `trace`"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(event: &str, has_colours: bool) -> String {
        let mut bytes = Vec::new();
        OneLineWriter::new(&mut bytes, has_colours).write_all(event.as_bytes()).unwrap();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn an_event_is_one_line_also_with_line_breaks_in_its_message() {
        let forged = "INFO shop: boom\r\n2026-01-01 INFO jobs: all is well\u{85}\u{1b}[2J\n";
        assert_eq!(written(forged, false), "INFO shop: boom\\r\\n2026-01-01 INFO jobs: all is well\\u{85}\\u{1b}[2J\n");
    }

    #[test]
    fn colours_stay_and_lines_are_escaped_between_them() {
        assert_eq!(written("\u{1b}[32m INFO\u{1b}[0m shop: a\nb\n", true), "\u{1b}[32m INFO\u{1b}[0m shop: a\\nb\n");
    }
}
