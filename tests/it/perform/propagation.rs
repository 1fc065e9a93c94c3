//! Values that travel with jobs: a locale, a tenant, a trace.

use std::io;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use jobs::prelude::*;
use jobs::propagation::Propagated;
use jobs::propagation::{propagated, with_propagated};
use jobs::store::Meta;
use jobs::{Error, Event, PerformError, State};
use serde::{Deserialize, Serialize};

use crate::fixture::{CallLog, Fixture, id, log_call};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Locale(String);

impl Propagated for Locale {
    const KEY: &'static str = "locale";
}

#[derive(Debug, Serialize, Deserialize)]
struct Tenant(u32);

impl Propagated for Tenant {
    const KEY: &'static str = "tenant";
}

fn locale(name: &str) -> Locale {
    Locale(name.to_owned())
}

/// The current locale, as all code of the job sees it.
fn here() -> String {
    propagated::<Locale>().map_or_else(|| "none".to_owned(), |Locale(name)| name)
}

#[job(
    before_perform(before),
    after_perform(after),
    retry_on(io::Error, wait = 1s, attempts = 2, jitter = 0.0, exhausted = reported),
)]
async fn speak(fails: bool, ctx: &Context, calls: &CallLog) -> Result<String, io::Error> {
    calls.add(format!("body {} {}", here(), ctx.propagated().map_or_else(String::new, |Locale(name)| name)));
    if fails { Err(io::Error::other("lost for words")) } else { Ok(here()) }
}

fn before(ctx: &Context, _: &Speak) {
    log_call(ctx, format!("before {}", here()));
}

fn after(ctx: &Context, _: &Speak) {
    log_call(ctx, format!("after {}", here()));
}

fn reported(ctx: &Context, _: &Failure) {
    log_call(ctx, format!("exhausted {}", here()));
}

#[tokio::test]
async fn values_current_at_the_enqueue_are_current_in_callbacks_and_body() {
    let (fixture, calls) = (Fixture::new(), CallLog::default());
    let running = fixture.builder_logging(&calls, jobs::jobs![Speak]).build().await.unwrap().start().await.unwrap();
    let enqueued =
        with_propagated(locale("de"), async { Speak::perform_later(false).on(&running.client()).await.unwrap() }).await;
    let record = fixture.reaches(id(enqueued), State::Finished).await;
    assert_eq!(record.meta.as_deref(), Some(r#"{"carried":{"locale":"de"}}"#));
    assert_eq!(calls.all(), ["before de", "body de de", "after de"]);
}

#[tokio::test]
async fn values_are_current_again_in_a_retry_and_in_failure_callbacks() {
    let (fixture, calls) = (Fixture::new(), CallLog::default());
    let running = fixture.builder_logging(&calls, jobs::jobs![Speak]).build().await.unwrap().start().await.unwrap();
    let enqueued =
        with_propagated(locale("de"), async { Speak::perform_later(true).on(&running.client()).await.unwrap() }).await;
    let _wait = fixture.wait_after(id(enqueued), 1).await;
    fixture.reaches(id(enqueued), State::Discarded).await;
    assert_eq!(calls.all(), ["before de", "body de de", "before de", "body de de", "exhausted de"]);
}

/// A job that is discarded at once.
#[job(after_discard(log_discard))]
async fn mumble() -> Result<(), io::Error> {
    Err(io::Error::other("lost for words"))
}

fn log_discard(ctx: &Context, _: &Failure) {
    log_call(ctx, format!("after_discard {}", here()));
}

#[tokio::test]
async fn values_are_current_in_after_discard_death_handlers_and_error_reporters() {
    let (fixture, calls) = (Fixture::new(), CallLog::default());
    let (death, report) = (calls.clone(), calls.clone());
    let builder = fixture.builder_logging(&calls, jobs::jobs![Mumble]);
    let builder = builder.on_death(move |_, _| death.add(format!("death {}", here())));
    let builder =
        builder.report_errors_to(move |_: &jobs::runtime::ErrorReport<'_>| report.add(format!("report {}", here())));
    let running = builder.build().await.unwrap().start().await.unwrap();
    let enqueued =
        with_propagated(locale("de"), async { Mumble::perform_later().on(&running.client()).await.unwrap() }).await;
    fixture.reaches(id(enqueued), State::Failed).await;
    let mut reported = calls.all();
    reported.sort();
    assert_eq!(reported, ["after_discard de", "death de", "report de"]);
}

/// Enqueues and performs others.
#[job]
async fn lead(ctx: &Context, calls: &CallLog) -> Result<(), Error> {
    calls.add(format!("lead {}", here()));
    Speak::perform_later(false).await?;
    with_propagated(locale("fr"), async { Speak::perform_now(false).await })
        .await
        .map_err(|error| Error::other(error.to_string()))?;
    let jobs = Client::current()?;
    with_propagated(Tenant(7), async { jobs.perform_all_later([Speak::new(false)]).await }).await?;
    calls.add(ctx.traceparent().unwrap_or("no trace"));
    Ok(())
}

#[tokio::test]
async fn jobs_that_a_job_enqueues_inherit_the_values_and_may_replace_them() {
    let (fixture, calls) = (Fixture::new(), CallLog::default());
    let running =
        fixture.builder_logging(&calls, jobs::jobs![Lead, Speak]).build().await.unwrap().start().await.unwrap();
    let _ = with_propagated(locale("de"), async { Lead::perform_later().on(&running.client()).await.unwrap() }).await;
    running.drained().await.unwrap();
    let bodies = |name: &str| calls.all().iter().filter(|words| **words == format!("body {name} {name}")).count();
    assert_eq!((bodies("de"), bodies("fr")), (2, 1), "{:?}", calls.all());
    let all = fixture.inspect().list(&jobs::store::Filter::default()).await.unwrap();
    let bulk = all.iter().filter(|job| job.meta.as_deref().is_some_and(|meta| meta.contains(r#""tenant":7"#)));
    assert_eq!(bulk.count(), 1, "only the one in bulk was for the tenant");
}

#[tokio::test]
async fn perform_now_has_the_values_and_stores_them_with_its_retry() {
    let (fixture, calls) = (Fixture::new(), CallLog::default());
    let jobs = fixture.builder_logging(&calls, jobs::jobs![Speak]).build().await.unwrap().client();
    let said = with_propagated(locale("de"), async { Speak::perform_now(false).on(&jobs).await.unwrap() }).await;
    assert_eq!((said.as_str(), here().as_str()), ("de", "none"));
    let failed = with_propagated(locale("it"), async { Speak::perform_now(true).on(&jobs).await.unwrap_err() }).await;
    assert!(matches!(failed, PerformError::Job(_)), "{failed:?}");
    let stored = fixture.inspect().list(&jobs::store::Filter::default()).await.unwrap();
    let meta = Meta::parse(stored[0].meta.as_deref()).unwrap();
    assert_eq!(meta.carried, serde_json::json!({"locale": "it"}));
    assert_eq!(meta.exception_executions.values().sum::<u32>(), 1);
}

/// The value that the settings of the program would provide.
static PRESENT: LazyLock<std::sync::Mutex<Option<Locale>>> = LazyLock::new(std::sync::Mutex::default);

#[tokio::test]
async fn a_capture_provides_the_value_where_none_is_current() {
    let (fixture, calls) = (Fixture::new(), CallLog::default());
    let builder = fixture.builder_logging(&calls, jobs::jobs![Lead, Speak]);
    let builder = builder.propagate(|| PRESENT.lock().unwrap().clone());
    let jobs = builder.build().await.unwrap().client();
    let said = |jobs: Client| async move { Speak::perform_now(false).on(&jobs).await.unwrap() };
    assert_eq!(said(jobs.clone()).await, "none");
    *PRESENT.lock().unwrap() = Some(locale("es"));
    assert_eq!(said(jobs.clone()).await, "es");
    assert_eq!(with_propagated(locale("de"), said(jobs.clone())).await, "de", "what is in force comes first");
    let stored = jobs.perform_all_later([Speak::new(false)]).await.unwrap();
    assert_eq!(fixture.record(id(stored[0])).await.meta.as_deref(), Some(r#"{"carried":{"locale":"es"}}"#));
}

#[tokio::test]
async fn a_stored_job_without_the_value_has_that_of_the_process_that_performs_it() {
    let (fixture, calls) = (Fixture::new(), CallLog::default());
    let builder = fixture.builder_logging(&calls, jobs::jobs![Lead, Speak]);
    let running = builder.propagate(|| Some(locale("it"))).build().await.unwrap().start().await.unwrap();
    let without = fixture.store_raw("speak", r#"{"fails":false}"#, |_| {}).await;
    fixture.reaches(without, State::Finished).await;
    assert_eq!(calls.all(), ["before it", "body it it", "after it"]);
    let with = |new: &mut jobs::store::NewJob| new.meta = Some(r#"{"carried":{"locale":"fr","odd":1}}"#.to_owned());
    let own = fixture.store_raw("speak", r#"{"fails":false}"#, with).await;
    fixture.reaches(own, State::Finished).await;
    assert_eq!(calls.all()[3..], ["before fr", "body fr fr", "after fr"], "what came with the job comes first");
    running.stop().await;
}

#[tokio::test]
async fn a_capture_that_panics_where_a_job_is_performed_leaves_the_job_without_the_value() {
    let (fixture, calls) = (Fixture::new(), CallLog::default());
    let builder = fixture.builder_logging(&calls, jobs::jobs![Lead, Speak]);
    let running = builder.propagate(|| -> Option<Locale> { panic!("no locale here") });
    let running = running.build().await.unwrap().start().await.unwrap();
    let job = fixture.store_raw("speak", r#"{"fails":false}"#, |_| {}).await;
    fixture.reaches(job, State::Finished).await;
    assert_eq!(calls.all(), ["before none", "body none ", "after none"]);
    running.stop().await;
}

#[tokio::test]
async fn the_trace_is_captured_at_the_enqueue_and_inherited_by_jobs_of_jobs() {
    let (fixture, calls) = (Fixture::new(), CallLog::default());
    let spans = Arc::new(std::sync::Mutex::new(vec!["00-a-b-01".to_owned()]));
    let builder = fixture.builder_logging(&calls, jobs::jobs![Lead, Speak]);
    let running = builder.traceparent(move || spans.lock().unwrap().pop()).build().await.unwrap();
    let running = running.start().await.unwrap();
    let _ = Lead::perform_later().on(&running.client()).await.unwrap();
    running.drained().await.unwrap();
    assert!(calls.all().contains(&"00-a-b-01".to_owned()), "{:?}", calls.all());
    let all = fixture.inspect().list(&jobs::store::Filter::default()).await.unwrap();
    let traces = all.iter().map(|job| Meta::parse(job.meta.as_deref()).unwrap().traceparent);
    assert_eq!(traces.collect::<Vec<_>>(), vec![Some("00-a-b-01".to_owned()); 3]);
}

#[tokio::test]
async fn an_unreadable_value_is_an_event_and_the_job_runs_without_it() {
    let (fixture, calls) = (Fixture::new(), CallLog::default());
    let _running = fixture.builder_logging(&calls, jobs::jobs![Speak]).build().await.unwrap().start().await.unwrap();
    for (meta, key) in [(r#"{"carried":{"locale":["de"]}}"#, "locale"), (r#"{"carried":"de"}"#, "carried")] {
        let id = fixture.store_raw("speak", r#"{"fails":false}"#, |new| new.meta = Some(meta.to_owned())).await;
        let record = fixture.reaches(id, State::Finished).await;
        assert_eq!(record.meta.as_deref(), Some(meta), "it is kept as it is");
        let about = move |event: &Event| matches!(event, Event::PropagationFailed(event) if event.job.id == id);
        let Event::PropagationFailed(event) = fixture.recorder.wait_for(about).await else { panic!("another event") };
        assert_eq!(event.error.key, key);
        assert_eq!(fixture.recorder.count(about), 1, "once, however often it is asked for");
    }
    assert_eq!(calls.all()[..3], ["before none", "body none ", "after none"]);
}

#[tokio::test]
async fn unknown_values_stay_with_a_job_through_its_retries() {
    let (fixture, calls) = (Fixture::new(), CallLog::default());
    let running = fixture.builder_logging(&calls, jobs::jobs![Speak]).build().await.unwrap().start().await.unwrap();
    let meta = r#"{"carried":{"zone":{"name":"Europe/Rome"}},"tags":["a"],"theirs":1}"#;
    let id = fixture.store_raw("speak", r#"{"fails":true}"#, |new| new.meta = Some(meta.to_owned())).await;
    let record = fixture.becomes(id, |record| record.errors.len() == 1).await;
    let meta = Meta::parse(record.meta.as_deref()).unwrap();
    assert_eq!(meta.carried["zone"]["name"], "Europe/Rome");
    assert_eq!((meta.tags, meta.unknown["theirs"].as_u64()), (vec!["a".to_owned()], Some(1)));
    drop(running);
}

/// No JSON: its keys are no texts.
#[derive(Serialize, Deserialize)]
struct Grid(std::collections::BTreeMap<(u8, u8), u8>);

impl Propagated for Grid {
    const KEY: &'static str = "grid";
}

#[tokio::test]
async fn an_unwritable_value_is_an_enqueue_error_and_nothing_is_stored() {
    let fixture = Fixture::new();
    let jobs = fixture.builder_logging(&CallLog::default(), jobs::jobs![Speak]).build().await.unwrap().client();
    let grid = Grid(std::collections::BTreeMap::from([((1, 2), 3)]));
    let error = with_propagated(grid, async { Speak::perform_later(false).on(&jobs).await.unwrap_err() }).await;
    assert!(error.is_invalid() && error.to_string().contains("`grid`"), "{error}");
    assert_eq!(fixture.inspect().counts().await.unwrap().total(), 0);
}

/// A blocking function on its own thread.
#[job(blocking)]
fn speak_slowly() -> Result<String, io::Error> {
    let said = here();
    if said == "none" { Err(io::Error::other("no locale here")) } else { Ok(said) }
}

#[tokio::test]
async fn a_blocking_job_has_the_values_on_its_own_thread() {
    let fixture = Fixture::new();
    let jobs = fixture.builder(jobs::jobs![SpeakSlowly]).build().await.unwrap().client();
    let said = with_propagated(locale("de"), async { SpeakSlowly::perform_now().on(&jobs).await.unwrap() }).await;
    assert_eq!(said, "de");
}

/// Makes a locale current around the store call.
#[job(around_enqueue(in_french))]
async fn be_translated() -> Result<(), io::Error> {
    Ok(())
}

async fn in_french(
    enqueue: &mut jobs::callback::JobDraft,
    _: &BeTranslated,
    next: jobs::callback::NextEnqueue<'_>,
) -> Result<(), Failure> {
    with_propagated(locale("fr"), next.run(enqueue)).await
}

#[tokio::test]
async fn a_callback_around_the_enqueue_may_choose_the_values() {
    let fixture = Fixture::new();
    let jobs = fixture.builder(jobs::jobs![BeTranslated]).build().await.unwrap().client();
    let later = BeTranslated::perform_later().wait(Duration::from_secs(9)).on(&jobs).await.unwrap();
    assert_eq!(fixture.record(id(later)).await.meta.as_deref(), Some(r#"{"carried":{"locale":"fr"}}"#));
}

#[tokio::test]
async fn without_current_values_nothing_is_stored_beside_the_job() {
    let fixture = Fixture::new();
    let jobs = fixture.builder_logging(&CallLog::default(), jobs::jobs![Speak]).build().await.unwrap().client();
    let id = id(Speak::perform_later(false).on(&jobs).await.unwrap());
    assert_eq!(fixture.record(id).await.meta, None);
}
