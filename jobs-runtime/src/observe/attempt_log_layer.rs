//! The layer for `tracing` that collects what jobs log.

use std::fmt::{self, Write};
use std::sync::Arc;

use jobs_core::{LogLevel, LogLimits, LogLine, floor_char_boundary};
use tracing::field::{Field, Visit};
use tracing::level_filters::LevelFilter;
use tracing::span::{Attributes, Id};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;
use tracing_subscriber::registry::LookupSpan;

use crate::observe::attempt_log::{LogCollector, attach};
use crate::observe::log::{SPAN, TARGET};

/// A layer for a `tracing` subscriber that collects what each attempt of a job logs, so that the store keeps it beside the error of
/// the attempt: the page of the job and `jobsctl show` have it.
///
/// Collected are the events within the span of the job: those of its callbacks and its function, of spans within it, of tasks that
/// are spawned in the span (`tracing::Instrument`), and of [`blocking`](crate::blocking) functions. What the library itself
/// logs (target `jobs`) is not among them, since the store tells it. Of many lines the first and the last are kept.
///
/// A value of a field that has the name of a redacted argument of the job is replaced by `[redacted]`; if the arguments of the job
/// are not shown at all, so is each field with the name of an argument. What a message says is kept as it is.
///
/// Nothing is collected of jobs in a store that [keeps no logs](jobs_core::AttemptLogs), of jobs that no worker performs, and of a
/// process that dies. If another filter of the subscriber disables the span of the jobs (target `jobs`, level `INFO`) for this
/// layer, it collects nothing.
///
/// ```
/// use jobs_runtime::AttemptLogLayer;
/// use tracing_subscriber::layer::SubscriberExt;
/// use tracing_subscriber::util::SubscriberInitExt;
///
/// tracing_subscriber::registry().with(AttemptLogLayer::new()).init();
/// ```
#[derive(Clone, Debug)]
pub struct AttemptLogLayer {
    max_level: LevelFilter,
    limits: LogLimits,
    of_successful: bool,
}

impl AttemptLogLayer {
    /// Collects lines of the levels `INFO`, `WARN` and `ERROR`, at most 100 lines and 16 KiB of texts of each attempt, and keeps
    /// them of failed attempts.
    pub fn new() -> Self {
        Self { max_level: LevelFilter::INFO, limits: LogLimits::default(), of_successful: false }
    }

    /// The most verbose level that is collected. By default `INFO`.
    pub const fn max_level(mut self, level: LevelFilter) -> Self {
        self.max_level = level;
        self
    }

    /// How many lines are kept of an attempt, from 1 to 10,000: the first quarter and the last. By default 100.
    pub fn max_lines(mut self, lines: usize) -> Self {
        self.limits = self.limits.with_lines(lines);
        self
    }

    /// How many bytes of texts are kept of an attempt, from 8 KiB to 1 MiB. By default 16 KiB.
    pub fn max_bytes(mut self, bytes: usize) -> Self {
        self.limits = self.limits.with_bytes(bytes);
        self
    }

    /// Keeps also the log of the attempt that finishes a job, and which process ran it, as long as the finished job is kept.
    /// Each such job costs the store a row more: leave it off where many short jobs run.
    pub const fn keep_successful(mut self) -> Self {
        self.of_successful = true;
        self
    }
}

impl Default for AttemptLogLayer {
    fn default() -> Self {
        Self::new()
    }
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for AttemptLogLayer {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let metadata = attributes.metadata();
        if metadata.name() != SPAN || metadata.target() != TARGET {
            return;
        }
        if let Some(span) = context.span(id)
            && let Some(collector) = attach(self.limits, self.of_successful)
        {
            span.extensions_mut().replace(collector);
        }
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let metadata = event.metadata();
        if *metadata.level() > self.max_level || metadata.target() == TARGET {
            return;
        }
        let Some((collector, span)) = collector_of(event, &context) else { return };
        let mut line = LogLine::new(collector.now(), level(*metadata.level()), metadata.target(), "");
        line.span = span;
        // No lock is held while the values are formatted, which is the program's code and may log itself.
        event.record(&mut LineVisitor(&mut line));
        collector.push(line);
    }
}

/// The collector of the nearest span of an attempt around the event, and the names of the spans between the two.
fn collector_of<S: Subscriber + for<'a> LookupSpan<'a>>(
    event: &Event<'_>,
    context: &Context<'_, S>,
) -> Option<(Arc<LogCollector>, String)> {
    let mut names = Vec::new();
    for span in context.event_scope(event)? {
        if let Some(collector) = span.extensions().get::<Arc<LogCollector>>() {
            names.reverse();
            return Some((Arc::clone(collector), names.join(":")));
        }
        names.push(span.name());
    }
    None
}

const fn level(level: Level) -> LogLevel {
    match level {
        Level::ERROR => LogLevel::Error,
        Level::WARN => LogLevel::Warn,
        Level::INFO => LogLevel::Info,
        Level::DEBUG => LogLevel::Debug,
        Level::TRACE => LogLevel::Trace,
    }
}

/// Adds the fields of an event to a line.
struct LineVisitor<'a>(&'a mut LogLine);

impl LineVisitor<'_> {
    fn record(&mut self, field: &Field, value: fmt::Arguments<'_>) {
        let mut text = ShortText(String::new());
        // Writing to it cannot fail; a value that fails to format is kept as far as it came.
        let _written = text.write_fmt(value);
        match field.name() {
            "message" => self.0.message = text.0,
            // Lines of the crate `log`, as `tracing-log` hands them over.
            "log.target" => self.0.target = text.0,
            name if name.starts_with("log.") => {}
            name => self.0.fields.push((name.to_owned(), text.0)),
        }
    }
}

impl Visit for LineVisitor<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.record(field, format_args!("{value:?}"));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.record(field, format_args!("{value}"));
    }
}

/// A text that grows no further than any text of a line is kept, however long what is written to it is.
struct ShortText(String);

/// More than is kept of the longest text, so that a text that is cut has its mark.
const TEXT_BYTES: usize = 2048;

impl Write for ShortText {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let room = TEXT_BYTES.saturating_sub(self.0.len());
        self.0.push_str(text.get(..floor_char_boundary(text, room)).unwrap_or_default());
        Ok(())
    }
}
