//! The log lines of one test: its thread has a subscriber of its own.

use std::io::{self, Write};
use std::sync::{Arc, Mutex, Once};

use tracing::span::{Attributes, Id, Record};
use tracing::subscriber::{DefaultGuard, Interest};
use tracing::{Event, Metadata, Subscriber};
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::fmt::MakeWriter;

/// What was written so far, a line each, as `INFO perform{..}: jobs: Enqueued ..`.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Lines {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

/// Takes nothing, and answers that it may take anything. As long as one subscriber is the only one of a process, `tracing`
/// asks the one of the thread that reaches a line first whether the line is wanted at all, and remembers the answer for
/// all threads: another test, which captures nothing, would turn the line off. With this one there are two.
struct Silent;

impl Subscriber for Silent {
    fn register_callsite(&self, _: &'static Metadata<'static>) -> Interest {
        Interest::sometimes()
    }

    fn enabled(&self, _: &Metadata<'_>) -> bool {
        false
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn event(&self, _: &Event<'_>) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

/// Lets this thread log to a subscriber until the guard is dropped.
pub(crate) fn in_force(subscriber: impl Subscriber + Send + Sync) -> DefaultGuard {
    static SILENT: Once = Once::new();
    SILENT.call_once(|| tracing::subscriber::set_global_default(Silent).unwrap());
    tracing::subscriber::set_default(subscriber)
}

/// Captures what this thread logs until it is dropped.
pub(crate) struct Log {
    lines: Lines,
    _in_force: DefaultGuard,
}

impl Log {
    /// All that is logged at this level or above.
    pub(crate) fn from(level: impl Into<LevelFilter>) -> Self {
        let lines = Lines::default();
        let subscriber = tracing_subscriber::fmt().with_ansi(false).without_time().with_max_level(level);
        let subscriber = subscriber.with_writer(lines.clone()).finish();
        Self { lines, _in_force: in_force(subscriber) }
    }

    /// All that was written.
    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.lines.0.lock().unwrap().clone()).unwrap()
    }

    /// The lines about jobs, not about processes.
    pub(crate) fn lines(&self) -> Vec<String> {
        self.text().lines().map(|line| line.trim_start().to_owned()).filter(|line| !line.contains("process=")).collect()
    }

    /// The only line with these words.
    pub(crate) fn only(&self, words: &str) -> String {
        let all = self.lines();
        let found: Vec<_> = all.iter().filter(|line| line.contains(words)).collect();
        let [line] = found[..] else { panic!("{} lines with `{words}` in {all:#?}", found.len()) };
        line.clone()
    }

    pub(crate) fn has(&self, words: &str) -> bool {
        self.lines().iter().any(|line| line.contains(words))
    }
}

#[test]
fn a_line_that_a_thread_without_a_subscriber_reaches_first_is_captured() {
    let log = Log::from(tracing::Level::INFO);
    let line = || tracing::info!("a line of two threads");
    std::thread::spawn(line).join().unwrap();
    line();
    assert!(log.has("a line of two threads"));
}
