//! OpenTelemetry traces through `jobs`: from a request to the jobs that it enqueues, and to the jobs
//! that these jobs enqueue.
//!
//! A [traced](Traced::traced) runtime captures the current span of `tracing` with each enqueue, as the W3C trace context
//! `traceparent`, and stores it with the job. The span in which the job is performed continues that trace. Both need a layer of
//! `tracing-opentelemetry`; without one nothing happens.
//!
//! ```
//! use jobs_opentelemetry::Traced;
//! use jobs_runtime::Runtime;
//!
//! let builder = Runtime::builder().connect("sqlite:jobs.db").traced();
//! # drop(builder);
//! ```
//!
//! # The span of a perform
//!
//! Its name and attributes follow OpenTelemetry's conventions for messaging: `process mail` of the kind `consumer` with
//! `messaging.system` (`jobs`), `messaging.operation.name`, `messaging.operation.type`, `messaging.destination.name` (the
//! queue) and `messaging.message.id` (the job's id); also `job`, `queue` and `attempt`. The status of
//! a failed attempt is the class of the error. Arguments and error messages are not attributes; they are in the log lines, which
//! become events of the span if the layer records the target `jobs`.
//!
//! It is a child of the span that enqueued the job, so that one trace shows everything. A job with a long delay (see
//! [`Traces::linked_after`]) starts a new trace with a link to that span: a trace of several days is hard to find and to read.
//!
//! `tracestate` and `baggage` are not propagated; for your own values use [`with_propagated`](jobs_runtime::with_propagated).

mod context;
mod traces;

pub use context::{current, parse};
pub use traces::{Traced, Traces};
