//! Passes the errors of jobs to a service that collects them.

use jobs_core::{ErrorRecord, Event, JobRef};

/// One attempt that ended in an error.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct ErrorReport<'a> {
    /// The job, with its attempt and its arguments as they may be shown.
    pub job: &'a JobRef,
    /// What went wrong.
    pub error: &'a ErrorRecord,
    /// Whether the job will be retried. If not, it is given up.
    pub will_retry: bool,
}

/// Collects the errors of jobs, as Rails' error reporter does: each failed attempt is reported exactly once.
///
/// A function of [`ErrorReport`] is one. It must not block; a panic in it is caught and ignored.
pub trait ErrorReporter: Send + Sync + 'static {
    /// An attempt ended in an error, or in an error that a `rescue_from` handled.
    fn report(&self, report: &ErrorReport<'_>);
}

impl<F: Fn(&ErrorReport<'_>) + Send + Sync + 'static> ErrorReporter for F {
    fn report(&self, report: &ErrorReport<'_>) {
        self(report);
    }
}

/// The reporter as a watcher of events.
pub(crate) fn watcher(reporter: impl ErrorReporter) -> impl Fn(&Event) + Send + Sync + 'static {
    move |event| {
        let (job, error, will_retry) = match event {
            Event::RetryScheduled(event) => (&event.job, &event.error, true),
            Event::Failed(event) => (&event.job, &event.error, false),
            Event::Discarded(event) => (&event.job, &event.error, false),
            Event::Rescued(event) => (&event.job, &event.error, false),
            _ => return,
        };
        reporter.report(&ErrorReport { job, error, will_retry });
    }
}
