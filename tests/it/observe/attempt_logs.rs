//! What jobs log is kept with their attempts.

use std::fmt;
use std::sync::Arc;

use jobs::definition::Definition;
use jobs::logs::{AttemptLog, AttemptLogLayer, LogLevel};
use jobs::prelude::*;
use jobs::store::{AttemptLogs, Guarantees, JobRecord, Store};
use jobs::{Error, State};
use jobs_testing::{PassThrough, PassThroughStore};
use tracing::instrument::Instrument;
use tracing::level_filters::LevelFilter;
use tracing::{debug, info, info_span, warn};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::registry;

use crate::fixture::{Fixture, id};
use crate::observe::log_capture::in_force;

/// The job as it is stored after its attempt has ended, with this layer.
async fn ended<J: Job>(layer: AttemptLogLayer, job: J, state: State) -> JobRecord {
    let _in_force = in_force(registry().with(layer));
    ended_in_force(&Fixture::new(), [Definition::of::<J>()], job, state).await
}

async fn ended_in_force<J: Job, const N: usize>(
    fixture: &Fixture,
    jobs: [Definition; N],
    job: J,
    state: State,
) -> JobRecord {
    let running = fixture.start(jobs).await;
    let id = id(job.enqueue().on(&running.client()).await.unwrap());
    let record = fixture.reaches(id, state).await;
    running.stop().await;
    record
}

/// The log beside the only error of a job.
fn log(record: &JobRecord) -> Option<&AttemptLog> {
    assert_eq!(record.errors.len(), 1, "{:?}", record.errors);
    record.errors[0].log.as_deref()
}

/// The lines of a log without their times.
fn lines(log: Option<&AttemptLog>) -> Vec<String> {
    log.into_iter().flat_map(|log| log.first.iter().chain(&log.last)).map(ToString::to_string).collect()
}

#[job]
async fn import(rows: u64) -> Result<(), Error> {
    info!(rows, "begins");
    debug!("not collected by default");
    let parse = async {
        let line = info_span!("line");
        async { warn!(row = 3, reason = ?Some("no \"name\""), "left out") }.instrument(line).await;
    };
    parse.instrument(info_span!("parse", file = "a.csv")).await;
    Err(Error::other("it broke"))
}

const TARGET: &str = module_path!();

#[tokio::test]
async fn the_lines_of_a_failed_attempt_are_kept_beside_its_error() {
    let record = ended(AttemptLogLayer::new(), Import::new(7), State::Failed).await;
    let log = log(&record).unwrap();
    let expected = [
        format!("INFO {TARGET}: begins rows=7"),
        format!(r#"WARN parse:line: {TARGET}: left out row=3 reason=Some("no \"name\"")"#),
    ];
    assert_eq!((lines(Some(log)), log.left_out), (expected.to_vec(), 0));
    assert_eq!((log.first[0].level, log.first[0].at), (LogLevel::Info, record.errors[0].at), "the runtime's clock");
}

#[tokio::test]
async fn the_most_verbose_level_can_be_chosen() {
    let record = ended(AttemptLogLayer::new().max_level(LevelFilter::DEBUG), Import::new(7), State::Failed).await;
    assert_eq!(lines(log(&record))[1], format!("DEBUG {TARGET}: not collected by default"));
    let record = ended(AttemptLogLayer::new().max_level(LevelFilter::ERROR), Import::new(7), State::Failed).await;
    assert_eq!(log(&record), None, "a log without lines is none");
}

#[job(blocking)]
fn compute() -> Result<(), Error> {
    info!("computes");
    Err(Error::other("overflow"))
}

#[job]
async fn spawn_tasks() -> Result<(), Error> {
    tokio::spawn(async { info!("in the span") }.in_current_span())
        .await
        .map_err(|error| Error::other(error.to_string()))?;
    tokio::spawn(async { info!("in no span") }).await.map_err(|error| Error::other(error.to_string()))?;
    Err(Error::other("done"))
}

#[tokio::test]
async fn blocking_functions_and_tasks_in_the_span_log_to_the_attempt() {
    let record = ended(AttemptLogLayer::new(), Compute::new(), State::Failed).await;
    assert_eq!(lines(log(&record)), [format!("INFO {TARGET}: computes")]);
    let record = ended(AttemptLogLayer::new(), SpawnTasks::new(), State::Failed).await;
    assert_eq!(lines(log(&record)), [format!("INFO {TARGET}: in the span")]);
}

#[job(redact(card))]
async fn charge(card: String, order: u64) -> Result<(), Error> {
    info!(card, order, "charges");
    Err(Error::other("declined"))
}

#[job(log_arguments = false)]
async fn charge_secretly(card: String) -> Result<(), Error> {
    info!(card, step = 1, "charges");
    Err(Error::other("declined"))
}

#[tokio::test]
async fn fields_with_the_name_of_a_redacted_argument_are_redacted() {
    let record = ended(AttemptLogLayer::new(), Charge::new("4242", 7_u64), State::Failed).await;
    assert_eq!(lines(log(&record)), [format!("INFO {TARGET}: charges card=[redacted] order=7")]);
    let record = ended(AttemptLogLayer::new(), ChargeSecretly::new("4242"), State::Failed).await;
    assert_eq!(lines(log(&record)), [format!("INFO {TARGET}: charges card=[redacted] step=1")]);
}

#[job]
async fn talk(count: u64) -> Result<(), Error> {
    for number in 1..=count {
        info!("line {number}");
    }
    Err(Error::other("done"))
}

#[tokio::test]
async fn of_many_lines_the_first_and_the_last_are_kept() {
    let record = ended(AttemptLogLayer::new(), Talk::new(1000), State::Failed).await;
    let log = log(&record).unwrap();
    assert_eq!((log.first.len(), log.left_out, log.last.len()), (25, 900, 75));
    let message = |line: Option<&jobs::logs::LogLine>| line.map(|line| line.message.clone()).unwrap_or_default();
    assert_eq!([message(log.first.last()), message(log.last.first())], ["line 25", "line 926"]);
    let record = ended(AttemptLogLayer::new().max_lines(8), Talk::new(9), State::Failed).await;
    let log = self::log(&record).unwrap();
    assert_eq!((log.first.len(), log.left_out, log.last.len()), (2, 1, 6));
}

/// A value of megabytes, which logs itself while it is formatted.
struct Huge;

impl fmt::Debug for Huge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        info!("within");
        (0..1_000_000).try_for_each(|_| f.write_str("größe"))
    }
}

#[job]
async fn log_huge_values() -> Result<(), Error> {
    (0..100).for_each(|_| info!(huge = ?Huge, "{:?}", Huge));
    Err(Error::other("done"))
}

#[tokio::test]
async fn lines_of_megabytes_are_cut_and_a_value_that_logs_itself_does_no_harm() {
    let record = ended(AttemptLogLayer::new(), LogHugeValues::new(), State::Failed).await;
    let log = log(&record).unwrap();
    assert!(log.to_json().len() < 64 << 10, "{}", log.to_json().len());
    let huge = log.last.last().unwrap();
    assert!(huge.message.starts_with("größe") && huge.message.ends_with("cut off)"), "{huge}");
    assert!(huge.fields[0].1.len() <= 256, "{huge}");
}

#[job]
async fn succeed() -> Result<(), Error> {
    info!("all is well");
    Ok(())
}

#[tokio::test]
async fn the_log_of_a_successful_attempt_is_kept_if_the_program_chooses_so() {
    let record = ended(AttemptLogLayer::new(), Succeed::new(), State::Finished).await;
    assert_eq!((record.log, record.finished_by), (None, None));
    let record = ended(AttemptLogLayer::new().keep_successful(), Succeed::new(), State::Finished).await;
    assert_eq!(lines(record.log.as_deref()), [format!("INFO {TARGET}: all is well")]);
    assert!(record.finished_by.is_some());
}

#[job]
async fn perform_another() -> Result<(), Error> {
    info!("before");
    Succeed::perform_now().await.map_err(|error| Error::other(error.to_string()))?;
    Err(Error::other("done"))
}

#[tokio::test]
async fn a_job_that_is_performed_within_another_logs_to_its_attempt() {
    let record = ended(AttemptLogLayer::new(), PerformAnother::new(), State::Failed).await;
    let expected = [format!("INFO {TARGET}: before"), format!("INFO perform: {TARGET}: all is well")];
    assert_eq!(lines(log(&record)), expected);
}

#[job]
async fn alternate(number: u64) -> Result<(), Error> {
    for step in 1..=3 {
        info!(number, step, "goes on");
        tokio::task::yield_now().await;
    }
    Err(Error::other("done"))
}

#[tokio::test]
async fn jobs_that_run_at_once_have_their_own_lines() {
    let _in_force = in_force(registry().with(AttemptLogLayer::new()));
    let fixture = Fixture::new();
    let running = fixture.start(jobs::jobs![Alternate]).await;
    let stored = running.client().perform_all_later((1..=20).map(Alternate::new)).await.unwrap();
    for (number, stored) in (1..).zip(stored) {
        let record = fixture.reaches(id(stored), State::Failed).await;
        let expected: Vec<_> =
            (1..=3).map(|step| format!("INFO {TARGET}: goes on number={number} step={step}")).collect();
        assert_eq!(lines(log(&record)), expected);
    }
    running.stop().await;
}

#[tokio::test]
async fn without_the_layer_or_the_span_of_the_job_nothing_is_collected() {
    let record = ended_in_force(&Fixture::new(), jobs::jobs![Import], Import::new(7), State::Failed).await;
    assert_eq!(log(&record), None, "no subscriber");
    let _in_force = in_force(registry().with(AttemptLogLayer::new().with_filter(LevelFilter::WARN)));
    let record = ended_in_force(&Fixture::new(), jobs::jobs![Import], Import::new(7), State::Failed).await;
    assert_eq!(log(&record), None, "the layer does not see the span");
}

/// A store that does not keep logs, and tells when it is handed one.
struct KeepsNone(Arc<dyn Store>);

impl PassThrough for KeepsNone {
    fn inner(&self) -> &dyn Store {
        &*self.0
    }

    fn guarantees(&self) -> Guarantees {
        self.0.guarantees().with_attempt_logs(AttemptLogs::Unsupported)
    }
}

#[tokio::test]
async fn nothing_is_collected_for_a_store_that_keeps_no_logs() {
    let _in_force = in_force(registry().with(AttemptLogLayer::new()));
    let mut fixture = Fixture::new();
    fixture.store = Arc::new(PassThroughStore(KeepsNone(fixture.store.clone())));
    let record = ended_in_force(&fixture, jobs::jobs![Import], Import::new(7), State::Failed).await;
    assert_eq!(log(&record), None, "the store in memory would have kept it");
}
