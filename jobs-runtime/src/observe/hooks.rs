//! Functions that a runtime calls: those that watch, and those that are asked what a job takes along.

use std::fmt;
use std::sync::Arc;

use jobs_core::events::Fact;
use jobs_core::{Carried, Clock, ErrorRecord, Event, Execution, JobRef};
use tracing::Span;

use crate::RuntimeBuilder;
use crate::observe::error_report::{self, ErrorReporter};
use crate::observe::events::{Subscription, Watcher};
use crate::perform::guard::catch_panic;
use crate::propagation::Captures;

/// What was given so far.
#[derive(Default)]
pub(crate) struct Hooks {
    pub(crate) watchers: Vec<Watcher>,
    pub(crate) captures: Captures,
    pub(crate) spans: Spans,
    #[cfg(feature = "metrics")]
    pub(crate) metrics: Vec<crate::observe::metrics::Recording>,
}

type ToldOfSpan = Box<dyn Fn(&Span, &Execution) + Send + Sync>;

/// Functions that are told of the span of each perform.
#[derive(Default)]
pub(crate) struct Spans(Vec<ToldOfSpan>);

impl Spans {
    /// Tells of a span that was made and not entered yet.
    pub(crate) fn made(&self, span: &Span, execution: &Execution) {
        for told in &self.0 {
            // What goes wrong there does not keep a job from running.
            let _caught = catch_panic(|| told(span, execution));
        }
    }
}

impl fmt::Debug for Spans {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Spans({})", self.0.len())
    }
}

impl Hooks {
    /// All who are told of events.
    pub(crate) fn subscriptions(&mut self, clock: &Arc<dyn Clock>) -> Vec<Subscription> {
        let mut all: Vec<_> = std::mem::take(&mut self.watchers).into_iter().map(Subscription::from).collect();
        self.count_by(clock, &mut all);
        all
    }

    #[cfg(feature = "metrics")]
    fn count_by(&mut self, clock: &Arc<dyn Clock>, all: &mut Vec<Subscription>) {
        let counting = std::mem::take(&mut self.metrics).into_iter();
        all.extend(counting.map(|recording| crate::observe::metrics::subscription(recording, Arc::clone(clock))));
    }

    #[cfg(not(feature = "metrics"))]
    #[expect(
        clippy::unused_self,
        clippy::needless_pass_by_ref_mut,
        reason = "without the feature there is nothing to add"
    )]
    fn count_by(&mut self, _clock: &Arc<dyn Clock>, _all: &mut Vec<Subscription>) {}
}

impl RuntimeBuilder {
    /// A function that is told of every event. It must not block.
    pub fn watch(mut self, watcher: impl Fn(&Event) + Send + Sync + 'static) -> Self {
        self.hooks.watchers.push(Arc::new(watcher));
        self
    }

    /// A function that is told of the events of one type. It must not block.
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
    pub fn on<F: Fact>(self, told: impl Fn(&F) + Send + Sync + 'static) -> Self {
        self.watch(move |event| {
            if let Some(fact) = F::of(event) {
                told(&fact);
            }
        })
    }

    /// A death handler: told when a job is given up for good, failed or discarded because of an error
    /// (as Sidekiq's `death_handlers`).
    pub fn on_death(self, handler: impl Fn(&JobRef, &ErrorRecord) + Send + Sync + 'static) -> Self {
        self.watch(move |event| {
            if let Event::Failed(job, error) | Event::Discarded(job, error) = event {
                handler(job, error);
            }
        })
    }

    /// A service that collects the errors of jobs.
    pub fn report_errors_to(self, reporter: impl ErrorReporter) -> Self {
        self.watch(error_report::watcher(reporter))
    }

    /// Jobs carry a `T` from where they are enqueued to where they are performed: what this function gives at the
    /// enqueue, unless one is in force by [`carry`](crate::carry) or comes with the job that enqueues.
    ///
    /// Not needed for what is put in force by [`carry`](crate::carry) alone.
    pub fn propagate<T: Carried>(mut self, capture: impl Fn() -> Option<T> + Send + Sync + 'static) -> Self {
        self.hooks.captures.value(capture);
        self
    }

    /// What gives the W3C trace context of the present span when a job is enqueued. Where it gives none, a job that is
    /// enqueued by another carries on the other's.
    pub fn traceparent(mut self, capture: impl Fn() -> Option<String> + Send + Sync + 'static) -> Self {
        self.hooks.captures.trace(capture);
        self
    }

    /// A function that is told of the span around each perform before it is entered: to put it in relation to the span
    /// that enqueued the job, whose W3C trace context is in the execution's [`meta`](Execution::meta). Not called where the
    /// span is disabled. Fields of the span that are empty and may be recorded: `otel.name` and `otel.kind`.
    pub fn on_span(mut self, told: impl Fn(&Span, &Execution) + Send + Sync + 'static) -> Self {
        self.hooks.spans.0.push(Box::new(told));
        self
    }
}
