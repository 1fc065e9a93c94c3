//! Each perform is put in relation to the span that enqueued its job.

use std::time::Duration;

use jobs_core::Execution;
use jobs_runtime::RuntimeBuilder;
use opentelemetry::Context;
use opentelemetry::trace::TraceContextExt;
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt;

use crate::context::{parse, present};

/// How traces go on.
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
    /// A job that is due so long after it was enqueued begins a trace of its own, with a link to the span that enqueued it.
    /// By default an hour; zero for all jobs, [`Duration::MAX`] for none.
    pub const fn linked_after(mut self, span: Duration) -> Self {
        self.linked_after = span;
        self
    }

    fn relate(self, span: &Span, execution: &Execution) {
        describe(span, execution);
        let enqueuer = execution.meta().ok().and_then(|meta| parse(meta.traceparent.as_deref()?));
        let Some(enqueuer) = enqueuer else { return };
        if execution.due_at.since(execution.enqueued_at) >= self.linked_after {
            span.add_link(enqueuer);
        } else {
            // It fails only for a span that no layer of OpenTelemetry looks at.
            let _nobody = span.set_parent(Context::new().with_remote_span_context(enqueuer));
        }
    }
}

/// In the words that OpenTelemetry has for messages.
fn describe(span: &Span, execution: &Execution) {
    let queue = &execution.queue;
    span.record("otel.name", format!("process {queue}")).record("otel.kind", "consumer");
    span.set_attribute("messaging.system", "jobs");
    span.set_attribute("messaging.operation.name", "perform");
    span.set_attribute("messaging.operation.type", "process");
    span.set_attribute("messaging.destination.name", queue.clone());
    span.set_attribute("messaging.message.id", execution.id().to_string());
}

/// A runtime whose jobs go on with the traces of those who enqueued them.
pub trait Traced: Sized {
    /// With the usual [`Traces`].
    fn traced(self) -> Self {
        self.traced_by(Traces::default())
    }

    /// In this way.
    fn traced_by(self, traces: Traces) -> Self;
}

impl Traced for RuntimeBuilder {
    fn traced_by(self, traces: Traces) -> Self {
        self.traceparent(present).on_span(move |span, execution| traces.relate(span, execution))
    }
}
