//! Traces from a request through its job to the job that this job enqueues.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on is to stop")]

use std::io;
use std::sync::Arc;
use std::time::Duration;

use jobs::opentelemetry::{Traced, Traces, current, parse};
use jobs::prelude::*;
use jobs_memory::MemoryStore;
use opentelemetry::Value;
use opentelemetry::trace::{SpanId, SpanKind, Status, TraceFlags, TracerProvider};
use opentelemetry_sdk::trace::{InMemorySpanExporter, SdkTracerProvider, SpanData};
use tracing::subscriber::DefaultGuard;
use tracing::{Instrument, info_span};
use tracing_subscriber::layer::SubscriberExt;

#[job(queue = "mail")]
async fn take_order(order: u64) -> Result<(), io::Error> {
    SendReceipt::perform_later(order).await.map_err(io::Error::other)?;
    Ok(())
}

#[job(queue = "receipts")]
async fn send_receipt(order: u64) -> Result<(), io::Error> {
    if order == 13 { Err(io::Error::other("secret words")) } else { Ok(()) }
}

/// Collects the spans of this thread.
struct Collector {
    exporter: InMemorySpanExporter,
    provider: SdkTracerProvider,
    _guard: DefaultGuard,
}

impl Collector {
    fn new() -> Self {
        let exporter = InMemorySpanExporter::default();
        let provider = SdkTracerProvider::builder().with_simple_exporter(exporter.clone()).build();
        let layer = tracing_opentelemetry::layer().with_tracer(provider.tracer("test"));
        let guard = tracing::subscriber::set_default(tracing_subscriber::registry().with(layer));
        Self { exporter, provider, _guard: guard }
    }

    /// The spans with this name.
    fn spans(&self, name: &str) -> Vec<SpanData> {
        self.provider.force_flush().unwrap();
        let spans = self.exporter.get_finished_spans().unwrap();
        spans.into_iter().filter(|span| span.name == name).collect()
    }

    fn one(&self, name: &str) -> SpanData {
        let mut spans = self.spans(name);
        assert_eq!(spans.len(), 1, "{name} among {:?}", self.exporter.get_finished_spans());
        spans.remove(0)
    }
}

/// Enqueues in a span named `request`, and performs all jobs.
async fn request(traces: Traces, order: u64, wait: Duration) {
    let builder = Runtime::builder().store(Arc::new(MemoryStore::default())).traced_by(traces).signals(false);
    let builder = builder
        .dispatch_interval(Duration::from_millis(1))
        .dispatch_batch(100)
        .register(jobs::jobs![TakeOrder, SendReceipt]);
    let runtime = builder.build().await.unwrap();
    let running = runtime.start().await.unwrap();
    let jobs = running.client();
    let enqueue = async { TakeOrder::perform_later(order).wait(wait).on(&jobs).await.unwrap() };
    let _stored = enqueue.instrument(info_span!("request")).await;
    running.drained().await.unwrap();
    running.stop().await;
}

fn attribute(span: &SpanData, key: &str) -> Option<Value> {
    span.attributes.iter().find(|one| one.key.as_str() == key).map(|one| one.value.clone())
}

#[tokio::test]
async fn one_trace_spans_a_request_its_job_and_the_job_that_this_job_enqueues() {
    let collector = Collector::new();
    request(Traces::default(), 1, Duration::ZERO).await;
    let (request, taken, sent) =
        (collector.one("request"), collector.one("process mail"), collector.one("process receipts"));
    let trace = request.span_context.trace_id();
    assert_eq!([taken.span_context.trace_id(), sent.span_context.trace_id()], [trace, trace], "one trace");
    assert_eq!(taken.parent_span_id, request.span_context.span_id(), "the request enqueued the first job");
    assert_eq!(sent.parent_span_id, taken.span_context.span_id(), "which enqueued the second job");
    assert!(taken.parent_span_is_remote, "the caller may be in another process");
}

#[tokio::test]
async fn a_perform_has_the_messaging_attributes_and_no_arguments_or_messages() {
    let collector = Collector::new();
    request(Traces::default(), 13, Duration::ZERO).await;
    let sent = collector.one("process receipts");
    assert_eq!(sent.span_kind, SpanKind::Consumer);
    for (key, value) in [
        ("messaging.system", "jobs"),
        ("messaging.operation.name", "perform"),
        ("messaging.operation.type", "process"),
        ("messaging.destination.name", "receipts"),
        ("job", "send_receipt"),
    ] {
        assert_eq!(attribute(&sent, key), Some(Value::from(value)), "{key}");
    }
    let id = attribute(&sent, "messaging.message.id").unwrap().to_string();
    assert!(id.parse::<jobs::JobId>().is_ok(), "{id}");
    assert_eq!(sent.status, Status::error("std::io::error::Error"), "described by its class");
    let attributes = format!("{:?}", sent.attributes);
    assert!(!attributes.contains("secret words"), "{attributes}");
    assert_eq!(collector.one("process mail").status, Status::Unset, "a success is not an error");
}

#[tokio::test]
async fn a_job_with_a_long_delay_starts_a_trace_with_a_link_to_its_caller() {
    let collector = Collector::new();
    request(Traces::default().linked_after(Duration::from_millis(5)), 1, Duration::from_millis(5)).await;
    let (request, taken, sent) =
        (collector.one("request"), collector.one("process mail"), collector.one("process receipts"));
    assert_ne!(taken.span_context.trace_id(), request.span_context.trace_id(), "a new trace");
    assert_eq!(taken.parent_span_id, SpanId::INVALID);
    let links: Vec<_> = taken.links.iter().map(|link| link.span_context.span_id()).collect();
    assert_eq!(links, [request.span_context.span_id()]);
    assert_eq!(
        sent.parent_span_id,
        taken.span_context.span_id(),
        "a job that it enqueues without a delay is part of its trace"
    );
}

#[tokio::test]
async fn without_a_span_nothing_is_captured_and_jobs_run() {
    assert_eq!(current(), None);
    request(Traces::default(), 1, Duration::ZERO).await;
}

#[test]
fn the_current_context_is_parsed_as_it_was_formatted() {
    let collector = Collector::new();
    let span = info_span!("request");
    let written = span.in_scope(current).unwrap();
    drop(span);
    let read = parse(&written).unwrap();
    let expected = collector.one("request").span_context;
    assert_eq!((read.trace_id(), read.span_id()), (expected.trace_id(), expected.span_id()));
    assert!(read.is_remote() && read.trace_flags() == TraceFlags::SAMPLED);
}

#[test]
fn an_invalid_trace_context_is_none() {
    let (trace, span) = ("0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331");
    assert!(parse(&format!("00-{trace}-{span}-01")).is_some());
    assert!(parse(&format!("01-{trace}-{span}-01-later")).is_some(), "a later version may have more fields");
    for wrong in [
        String::new(),
        "junk".to_owned(),
        format!("00-{trace}-{span}"),
        format!("00-{trace}-{span}-01-more"),
        format!("ff-{trace}-{span}-01"),
        format!("00-{}-{span}-01", "0".repeat(32)),
        format!("00-{trace}-{}-01", "0".repeat(16)),
        format!("00-{}-{span}-01", trace.to_uppercase()),
        format!("00-{}é-{span}-01", &trace[..30]),
        format!("00-{trace}-{span}-0x"),
    ] {
        assert!(parse(&wrong).is_none(), "{wrong}");
    }
}
