//! Text from jobs, users and stores cannot forge lines of the log.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use jobs::callback::JobDraft;
use jobs::definition::Settings;
use jobs::prelude::*;
use jobs::propagation::with_propagated;
use jobs::{Context, Error, Event, Job, JobExt, State};
use jobs_testing::FaultyStore;
use serde::{Deserialize, Serialize};
use tracing::Level;

use crate::fixture::{Fixture, id};
use crate::observe::log_capture::Log;

/// Texts that would break a line, control a terminal or change how a line is read.
const HOSTILE: [&str; 6] = [
    "boom\r\n2026-01-01T00:00:00Z  INFO jobs: all is well",
    "boom\n2026-11-29T00:00:00Z  INFO jobs::audit: root did discard to everything\n",
    "\u{1b}[2J\u{1b}]0;title\u{7}\0\u{8}\u{7f}",
    "next\u{85}line\u{2028}and\u{2029}paragraph\u{b}\u{c}",
    "\u{9b}31m\u{202e}desrever\u{2066}\u{2069}\u{200f}",
    "\t\u{feff}",
];

/// An error with a cause, both with this text.
#[derive(Debug)]
struct Boom(String);

#[derive(Debug)]
struct Cause(String);

impl fmt::Display for Boom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}!", self.0)
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Boom {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        // Leaked, so that the error can have a cause of its own text.
        Some(Box::leak(Box::new(Cause(self.0.clone()))))
    }
}

impl std::error::Error for Cause {}

#[job(before_enqueue(refuse), retry_on(Boom, wait = 1s, attempts = 2, jitter = 0.0), after_discard(fail_too))]
async fn explode(how: String, text: String) -> Result<(), Boom> {
    match how.as_str() {
        "panic" => panic!("{text}"),
        "fail" => Err(Boom(text)),
        _ => Ok(()),
    }
}

fn refuse(_: &mut JobDraft, job: &Explode) -> Result<(), jobs::callback::Stop> {
    let failure = || jobs::callback::Stop::Failed(Failure::from_error(Boom(job.text.clone())));
    if job.how == "refuse" { Err(failure()) } else { Ok(()) }
}

fn fail_too(_: &Context, failure: &Failure) -> Result<(), Boom> {
    Err(Boom(failure.message().to_owned()))
}

#[job(discard_on(Boom))]
async fn drop_it(text: String) -> Result<(), Boom> {
    Err(Boom(text))
}

#[job(rescue_from(Boom, with = calm))]
async fn save_it(text: String) -> Result<(), Boom> {
    Err(Boom(text))
}

fn calm(_: &Context, _: &Failure) {}

/// A job whose name breaks a line.
#[derive(Serialize, Deserialize)]
struct Misnamed;

impl Job for Misnamed {
    type Output = ();
    type Error = std::io::Error;
    const SETTINGS: Settings = Settings::new("mis\r\nnamed\u{1b}[2J");

    async fn perform(self, _: &Context) -> Result<(), std::io::Error> {
        Ok(())
    }

    fn cause(error: &Self::Error) -> Option<&(dyn std::error::Error + 'static)> {
        jobs::definition::as_error(error)
    }
}

/// A value that travels with a job, and that the job cannot read.
#[derive(Serialize)]
struct Tenant(String);

impl<'de> Deserialize<'de> for Tenant {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Err(serde::de::Error::custom(String::deserialize(deserializer)?))
    }
}

impl jobs::propagation::Propagated for Tenant {
    const KEY: &'static str = "ten\nant";
}

#[job]
async fn look_for_tenant() -> Result<(), Error> {
    let _none = jobs::propagation::propagated::<Tenant>();
    Ok(())
}

/// Lets this text reach the log by every way that there is.
async fn spread(text: &str, fixture: &mut Fixture) {
    let faulty = Arc::new(FaultyStore::new(fixture.store.clone()));
    fixture.store = faulty.clone();
    let list = jobs::jobs![Explode, DropIt, SaveIt, LookForTenant];
    let list = list.into_iter().chain([jobs::Definition::of::<Misnamed>()]);
    let running = fixture.start(list).await;
    let client = running.client();
    let mut ended = Vec::new();
    for how in ["fine", "panic"] {
        ended.push(id(Explode::perform_later(how, text).on(&client).await.unwrap()));
    }
    Explode::perform_later("refuse", text).on(&client).await.unwrap_err();
    ended.push(id(DropIt::perform_later(text).on(&client).await.unwrap()));
    ended.push(id(SaveIt::perform_later(text).on(&client).await.unwrap()));
    ended.push(id(Misnamed.enqueue().on(&client).await.unwrap()));
    let looking = async { LookForTenant::perform_later().on(&client).await.unwrap() };
    ended.push(id(with_propagated(Tenant(text.to_owned()), looking).await));
    let said = text.to_owned();
    faulty.fail_before("enqueue", 1, move || Error::transient(said.clone()));
    DropIt::perform_later(text).on(&client).await.unwrap_err();
    let said = text.to_owned();
    faulty.fail_before("settle_and_claim", 1, move || Error::transient(said.clone()));
    let failing = id(Explode::perform_later("fail", text).on(&client).await.unwrap());
    let _wait = fixture.wait_after(failing, 1).await;
    ended.push(failing);
    for job in ended {
        fixture.becomes(job, |record| record.state.is_done() || record.state == State::Failed).await;
    }
    let unknown = fixture.store_raw(text, r#"{"a":1}"#, |_| {}).await;
    fixture.saw(unknown, |event| matches!(event, Event::NameUnknown(_))).await;
    fixture.clock.advance(Duration::from_secs(1));
    client.manage().unwrap().discard(&[unknown]).await.unwrap();
    running.stop().await;
}

/// Each line is that of one event, has no control character and is shorter than what container runtimes break.
fn assert_lines_are_those_of_events(written: &str) {
    for line in written.split_terminator('\n') {
        let levels = ["ERROR ", " WARN ", " INFO "];
        let shown: String = line.chars().take(1000).collect();
        assert!(levels.iter().any(|level| line.starts_with(level)), "a line that is no event: {shown:?}");
        let control =
            |character: char| character.is_control() || "\u{2028}\u{2029}\u{202e}\u{feff}".contains(character);
        assert!(!line.contains(control), "a control character: {shown:?}");
        assert!(line.len() < 16 * 1024, "{} bytes: {shown:?}", line.len());
    }
}

#[tokio::test]
async fn no_text_of_a_job_a_user_or_a_store_forges_a_line_or_controls_a_terminal() {
    for text in HOSTILE {
        let (mut fixture, log) = (Fixture::new(), Log::from(Level::INFO));
        spread(text, &mut fixture).await;
        let written = log.text();
        assert_lines_are_those_of_events(&written);
        let lines = [
            "Performing explode",
            "Performed explode",
            "Failed enqueuing explode",
            "Failed enqueuing drop_it",
            "Discarded drop_it",
            "Rescued save_it",
            "Retrying explode",
            "Stopped retrying explode",
            "Error performing explode",
            "A callback failed for explode",
            "No job named",
            "The store failed to settle and claim",
            "Performing mis",
            "runs without `ten",
            "requested discard of the job",
        ];
        for words in lines {
            assert!(written.contains(words), "`{words}` is missing in {written}");
        }
    }
}

#[tokio::test]
async fn a_text_of_a_megabyte_makes_a_line_that_says_how_much_is_missing() {
    for text in ["x".repeat(1_000_000), "\r\n2026-01-01T00:00:00Z  INFO jobs: all is well".repeat(20_000)] {
        let (mut fixture, log) = (Fixture::new(), Log::from(Level::INFO));
        spread(&text, &mut fixture).await;
        let written = log.text();
        assert_lines_are_those_of_events(&written);
        assert!(written.contains(" more bytes)"), "{written}");
    }
}

#[tokio::test]
async fn a_change_a_bulk_and_a_start_of_very_many_make_a_line_of_bounded_length() {
    let (mut fixture, log) = (Fixture::new(), Log::from(Level::INFO));
    let faulty = Arc::new(FaultyStore::new(fixture.store.clone()));
    fixture.store = faulty.clone();
    let queues = (0..5000).map(|number| format!("queue_{number}"));
    let builder = fixture.builder(jobs::jobs![DropIt]).worker(jobs::Worker::new(queues));
    let running = builder.build().await.unwrap().start().await.unwrap();
    let client = running.client();
    let text = "\nwell".repeat(100_000);
    let said = text.clone();
    faulty.fail_before("enqueue", 1, move || Error::transient(said.clone()));
    client.perform_all_later([DropIt::new(text.clone()), DropIt::new(text.clone())]).await.unwrap_err();
    let mut ids = Vec::new();
    for number in 0..200 {
        ids.push(
            fixture
                .store_raw(&format!("{number}{}", text.get(..10_000).unwrap()), "{}", |job| {
                    job.queue = "elsewhere".to_owned();
                })
                .await,
        );
    }
    client.manage().unwrap().discard(&ids).await.unwrap();
    running.stop().await;
    let written = log.text();
    assert_lines_are_those_of_events(&written);
    for words in ["Started: queues queue_0, queue_1", "Failed enqueuing 2 jobs", "requested discard of 200 jobs"] {
        assert!(written.contains(words), "`{words}` is missing in {written}");
    }
}
