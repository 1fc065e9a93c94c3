//! Traces of OpenTelemetry that go on through [`jobs`](https://docs.rs/jobs): from a request to the jobs that it enqueues,
//! and to the jobs that these enqueue.
//!
//! A runtime that is [traced](Traced::traced) captures the present span of `tracing` with each enqueue, as the W3C trace
//! context `traceparent`, which is stored with the job. Where the job is performed its span goes on with that trace. A layer of
//! `tracing-opentelemetry` has to be there for either; without one nothing happens.
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
//! Its name and attributes are those that OpenTelemetry has for messages: `process mail` of the kind `consumer` with
//! `messaging.system` (`jobs`), `messaging.operation.name`, `messaging.operation.type`, `messaging.destination.name` (the
//! queue) and `messaging.message.id` (the job's id); also `job`, `queue` and `attempt`, and of an attempt that failed the
//! status, described by the class of the error. Arguments and words of errors are no attributes; they are in the log lines,
//! which become events of the span if the layer takes those of the target `jobs`.
//!
//! It is a child of the span that enqueued the job, so that one trace shows the whole. A job that was put off for long, see
//! [`Traces::linked_after`], begins a trace of its own with a link to that span: a trace of days would be found by nobody.
//!
//! Not carried: `tracestate` and `baggage`; values of your own travel by [`carry`](jobs_runtime::carry).

mod context;
mod traces;

pub use context::{parse, present};
pub use traces::{Traced, Traces};
