//! The hooks of a runtime: watchers, error reporters, captures of propagated values, metrics.

use std::sync::Arc;

use jobs_core::events::EventType;
use jobs_core::{ErrorRecord, Event, Execution, JobRef, Propagated};
#[cfg(feature = "metrics")]
use jobs_metrics::SharedRecorder;
use tracing::Span;

use crate::observe::error_report::{self, ErrorReporter};
use crate::runtime::builder::RuntimeBuilder;

impl RuntimeBuilder {
    /// A function that is called with every event. It must not block.
    pub fn watch(mut self, watcher: impl Fn(&Event) + Send + Sync + 'static) -> Self {
        self.hooks.watchers.push(Arc::new(watcher));
        self
    }

    /// A function that is called with the events of one type. It must not block.
    ///
    /// ```
    /// use jobs_core::events::Performed;
    /// use jobs_runtime::Runtime;
    ///
    /// let builder = Runtime::builder().on::<Performed>(|event| {
    ///     println!("{} took {:?}", event.job.name, event.duration);
    /// });
    /// # drop(builder);
    /// ```
    pub fn on<E: EventType>(self, handler: impl Fn(&E) + Send + Sync + 'static) -> Self {
        self.watch(move |event| {
            if let Some(event) = E::of(event) {
                handler(event);
            }
        })
    }

    /// A death handler: called when a job is given up because of an error, failed or discarded. Sidekiq's `death_handlers`
    /// do not hear of jobs that a rule discards on purpose; here they do, and `on::<Failed>` hears of failed jobs only.
    pub fn on_death(self, handler: impl Fn(&JobRef, &ErrorRecord) + Send + Sync + 'static) -> Self {
        self.watch(move |event| match event {
            Event::Failed(event) => handler(&event.job, &event.error),
            Event::Discarded(event) => handler(&event.job, &event.error),
            _ => {}
        })
    }

    /// A service that collects the errors of jobs.
    pub fn report_errors_to(self, reporter: impl ErrorReporter) -> Self {
        self.watch(error_report::watcher(reporter))
    }

    /// A `T` travels with jobs from the enqueue to the perform. This function is called for it at the enqueue, unless
    /// one is current by [`with_propagated`](crate::with_propagated) or came with the job that enqueues. It is called before
    /// a perform too if none came with the job, as if another program had stored it.
    ///
    /// Not needed for values that are set by [`with_propagated`](crate::with_propagated) only.
    pub fn propagate<T: Propagated>(mut self, capture: impl Fn() -> Option<T> + Send + Sync + 'static) -> Self {
        self.hooks.captures.value(capture);
        self
    }

    /// A function that returns the W3C trace context of the current span when a job is enqueued. If it returns none, a
    /// job that is enqueued by another job continues the trace of that job.
    pub fn traceparent(mut self, capture: impl Fn() -> Option<String> + Send + Sync + 'static) -> Self {
        self.hooks.captures.trace(capture);
        self
    }

    /// A function that is called with the span around each perform before it is entered. It can link that span to the
    /// span that enqueued the job, whose W3C trace context is in the execution's [`meta`](Execution::meta). It is not
    /// called if the span is disabled. Empty fields of the span that may be recorded: `otel.name` and `otel.kind`.
    pub fn on_span(mut self, hook: impl Fn(&Span, &Execution) + Send + Sync + 'static) -> Self {
        self.hooks.spans.add(hook);
        self
    }

    /// What happens to jobs in this process is counted and measured by the recorder that the process has installed with
    /// `metrics::set_global_recorder`. Install it before [`build`](Self::build): events before that are not counted.
    #[cfg(feature = "metrics")]
    pub fn metrics(mut self) -> Self {
        self.hooks.metrics.push(None);
        self
    }

    /// As [`metrics`](Self::metrics), with a recorder of its own.
    #[cfg(feature = "metrics")]
    pub fn metrics_to(mut self, recorder: SharedRecorder) -> Self {
        self.hooks.metrics.push(Some(recorder));
        self
    }
}
