//! Relates the span of each perform to the span that enqueued its job.

use std::time::Duration;

use jobs_core::Execution;
use jobs_runtime::RuntimeBuilder;
use opentelemetry::Context;
use opentelemetry::trace::TraceContextExt;
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt;

use crate::context::{current, parse};

/// How traces continue through jobs.
#[derive(Clone, Copy, Debug)]
pub struct Traces {
    linked_after: Duration,
}

impl Default for Traces {
    fn default() -> Self {
        Self { linked_after: Duration::from_secs(3600) }
    }
}

impl Traces {
    /// A job that is due at least this long after it was enqueued starts a new trace, with a link to the span that enqueued it.
    /// By default an hour; zero for all jobs, [`Duration::MAX`] for none.
    pub const fn linked_after(mut self, delay: Duration) -> Self {
        self.linked_after = delay;
        self
    }

    fn relate(self, span: &Span, execution: &Execution) {
        describe(span, execution);
        let enqueuer = execution.meta().ok().and_then(|meta| parse(meta.traceparent.as_deref()?));
        let Some(enqueuer) = enqueuer else { return };
        if execution.due_at.duration_since(execution.enqueued_at) >= self.linked_after {
            span.add_link(enqueuer);
        } else {
            // It fails only for a span that no OpenTelemetry layer records.
            let _unrecorded = span.set_parent(Context::new().with_remote_span_context(enqueuer));
        }
    }
}

/// Sets the attributes of OpenTelemetry's conventions for messaging.
fn describe(span: &Span, execution: &Execution) {
    let queue = &execution.queue;
    span.record("otel.name", format!("process {queue}")).record("otel.kind", "consumer");
    span.set_attribute("messaging.system", "jobs");
    span.set_attribute("messaging.operation.name", "perform");
    span.set_attribute("messaging.operation.type", "process");
    span.set_attribute("messaging.destination.name", queue.clone());
    span.set_attribute("messaging.message.id", execution.id().to_string());
}

/// A runtime whose jobs continue the traces of their callers.
pub trait Traced: Sized {
    /// Uses the default [`Traces`].
    fn traced(self) -> Self {
        self.traced_by(Traces::default())
    }

    /// Uses these [`Traces`].
    fn traced_by(self, traces: Traces) -> Self;
}

impl Traced for RuntimeBuilder {
    fn traced_by(self, traces: Traces) -> Self {
        self.traceparent(current).on_span(move |span, execution| traces.relate(span, execution))
    }
}
