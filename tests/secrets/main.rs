//! No event, log line, page or error shows a redacted argument, under whatever key it is stored, or a password of a URL.

#![allow(clippy::panic, clippy::unwrap_used, reason = "a test that cannot go on is to stop")]

use std::collections::BTreeMap;
use std::sync::Arc;

use jobs::definition::Definition;
use jobs::memory::MemoryStore;
use jobs::prelude::*;
use jobs::store::{Filter, NewJob, Store};
use jobs::{JobId, Settings};
use jobs_testing::Recorder;
use serde::{Deserialize, Serialize};
use tracing::Level;

#[path = "../it/observe/log_capture.rs"]
#[expect(dead_code, reason = "shared with the tests of log lines")]
mod log_capture;
mod serde_forms;
mod urls;

use log_capture::Log;

const SECRET: &str = "4111-ssw0rd";

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Card {
    number: String,
    #[serde(rename = "securityCode")]
    code: String,
}

fn card() -> Card {
    Card { number: SECRET.to_owned(), code: SECRET.to_owned() }
}

#[job(redact(card))]
async fn renamed(order: u64, #[serde(rename = "creditCard")] card: String) {
    drop((order, card));
}

#[job(redact(card))]
async fn with_aliases(order: u64, #[serde(alias = "cc", alias = "pan")] card: String) {
    drop((order, card));
}

#[job(redact(card))]
async fn renamed_apart(
    order: u64,
    #[serde(rename(serialize = "out", deserialize = "in"), alias = "out")] card: String,
) {
    drop((order, card));
}

#[job(redact(card))]
async fn flattened(order: u64, #[serde(flatten)] card: Card) {
    drop((order, card));
}

#[job(redact(card))]
async fn conditional(order: u64, #[cfg_attr(all(), serde(rename = "creditCard"))] card: String) {
    drop((order, card));
}

#[job(redact(card))]
async fn through_a_function(order: u64, #[serde(default, with = "own")] card: String) {
    drop((order, card));
}

/// The other argument has the name of the redacted one.
#[job(redact(card))]
async fn exchanged(#[serde(rename = "card")] order: u64, #[serde(rename = "order")] card: String) {
    drop((order, card));
}

#[job(redact(card), version = 2, upgrade = rename_card, aliases("paid"))]
async fn versioned(order: u64, card: String) {
    drop((order, card));
}

#[expect(clippy::needless_pass_by_value, reason = "the signature of functions for `upgrade`")]
fn rename_card(arguments: serde_json::Value, _: u32) -> Result<serde_json::Value, jobs::BoxError> {
    Err(format!("no card in {arguments}").into())
}

mod own {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(super) fn serialize<S: Serializer>(value: &String, serializer: S) -> Result<S::Ok, S::Error> {
        [value].serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
        <[String; 1]>::deserialize(deserializer).map(|[value]| value)
    }
}

fn all() -> [Definition; 8] {
    jobs::jobs![Renamed, WithAliases, RenamedApart, Flattened, Conditional, ThroughAFunction, Exchanged, Versioned]
}

/// All events and log lines of these jobs, and what `Debug` shows of their records, once none of them runs any more.
async fn seen(fill: impl AsyncFnOnce(&Client, &dyn Store)) -> String {
    seen_of(Vec::from(all()), fill).await
}

/// The same of other jobs.
async fn seen_of(jobs: Vec<Definition>, fill: impl AsyncFnOnce(&Client, &dyn Store)) -> String {
    let (recorder, store) = (Recorder::new(), Arc::new(MemoryStore::default()));
    let (watch, log) = (recorder.watch(), Log::from(Level::TRACE));
    let jobs = jobs.into_iter().chain(jobs::jobs![Last]);
    let builder = Runtime::builder().store(store.clone()).register(jobs).watch(move |event| watch(event));
    let running = builder.build().await.unwrap().start().await.unwrap();
    fill(&running.client(), &*store).await;
    let last = Last::perform_later().priority(-1).on(&running.client()).await.unwrap().id();
    recorder
        .wait_for(|event| matches!(event, jobs::Event::Performed(_)) && event.job().map(|job| job.id) == last)
        .await;
    running.stop().await;
    let records = store.inspect().unwrap().list(&Filter::default()).await.unwrap();
    let events: Vec<_> = recorder.events().iter().map(|event| format!("{event:?}")).collect();
    format!("{}\n{}\n{records:?}", events.join("\n"), log.text())
}

/// Runs after all others.
#[job]
async fn last() {}

#[tokio::test]
async fn no_event_shows_a_redacted_argument_under_whatever_key_it_is_written() {
    let words = seen(async |jobs, _| {
        Renamed::perform_later(71, SECRET).on(jobs).await.unwrap();
        WithAliases::perform_later(72, SECRET).on(jobs).await.unwrap();
        RenamedApart::perform_later(73, SECRET).on(jobs).await.unwrap();
        Flattened::perform_later(74, card()).on(jobs).await.unwrap();
        Conditional::perform_later(75, SECRET).on(jobs).await.unwrap();
        ThroughAFunction::perform_later(76, SECRET).on(jobs).await.unwrap();
        Exchanged::perform_later(77, SECRET).on(jobs).await.unwrap();
        Versioned::perform_later(78, SECRET).on(jobs).await.unwrap();
    })
    .await;
    assert!(!words.contains(SECRET), "{words}");
    for order in 71..=78 {
        assert!(words.contains(&order.to_string()), "{order} is shown: {words}");
    }
}

#[tokio::test]
async fn no_event_shows_a_redacted_argument_under_whatever_key_it_was_stored() {
    let words = seen(async |jobs, store| {
        for (place, (name, arguments, version)) in [
            ("with_aliases", r#"{"order":1,"cc":"4111-ssw0rd"}"#, 1),
            ("with_aliases", r#"{"pan":["4111-ssw0rd"],"order":1}"#, 1),
            ("with_aliases", r#"{"order":1,"card":"a","cc":"4111-ssw0rd"}"#, 1),
            ("renamed", r#"{"order":1,"card":"4111-ssw0rd"}"#, 1),
            ("renamed", r#"{"order":1,"creditCard":{"4111-ssw0rd":1}}"#, 1),
            ("renamed", r#"[1,"4111-ssw0rd"]"#, 1),
            ("renamed", r#"[1,{"4111-ssw0rd":"4111-ssw0rd"}]"#, 1),
            ("renamed", r#""4111-ssw0rd""#, 1),
            ("renamed", "4111-ssw0rd", 1),
            ("renamed", r#"{"order":1,"order":"4111-ssw0rd"}"#, 1),
            ("flattened", r#"{"order":1,"number":"4111-ssw0rd","securityCode":5}"#, 1),
            ("flattened", r#"{"order":1,"4111-ssw0rd":"x"}"#, 1),
            ("versioned", r#"{"order":{"card":"4111-ssw0rd"}}"#, 1),
            ("paid", r#"{"order":1,"number":"4111-ssw0rd"}"#, 1),
            ("versioned", r#"{"order":1,"card":"4111-ssw0rd"}"#, 3),
            ("unknown", r#"{"card":"4111-ssw0rd"}"#, 1),
        ]
        .into_iter()
        .enumerate()
        {
            let mut job = NewJob::new(JobId::from_number(i64::try_from(place).unwrap() + 1), name, arguments);
            job.version = version;
            let _stored = store.enqueue(&[job]).await.unwrap();
        }
        drop(jobs.clone());
    })
    .await;
    assert!(!words.contains(SECRET), "{words}");
    assert!(words.contains("[redacted]") && words.contains("[hidden]"), "{words}");
}

fn settings(of: &Definition) -> &Settings {
    of.settings()
}

#[test]
fn the_settings_have_the_keys_that_serde_writes_and_reads() {
    let keys: BTreeMap<_, _> =
        all().iter().map(|one| (one.name(), (settings(one).redact, settings(one).redact_except))).collect();
    assert_eq!(keys["renamed"], (&["creditCard"][..], Some(&["order"][..])));
    assert_eq!(keys["with_aliases"], (&["card", "cc", "pan"][..], Some(&["order"][..])));
    assert_eq!(keys["renamed_apart"], (&["out", "in"][..], Some(&["order"][..])));
    assert_eq!(keys["conditional"], (&["card", "creditCard"][..], Some(&["order"][..])));
    assert_eq!(keys["exchanged"], (&["order"][..], Some(&["card"][..])));
}

#[job(unique(by = (order, user), until = done))]
async fn once(
    #[serde(rename = "orderId")] order: u64,
    #[serde(rename(serialize = "owner"), alias = "owner")] user: u64,
) {
    let _ = (order, user);
}

#[tokio::test]
async fn a_job_is_unique_by_a_renamed_argument() {
    let runtime = Runtime::builder().store(Arc::new(MemoryStore::default())).register(jobs::jobs![Once]).build().await;
    let jobs = runtime.unwrap().client();
    let first = Once::perform_later(1, 2).on(&jobs).await.unwrap();
    let again = Once::perform_later(1, 2).on(&jobs).await.unwrap();
    assert!(matches!(again, Enqueued::Duplicate { of } if Some(of) == first.id()), "{again:?}");
    assert!(matches!(Once::perform_later(1, 3).on(&jobs).await.unwrap(), Enqueued::New(_)));
}

fn refuse<S: serde::Serializer>(card: &String, _: S) -> Result<S::Ok, S::Error> {
    Err(serde::ser::Error::custom(format!("no such card: {card}")))
}

#[job(redact(card))]
async fn unwritable(#[serde(serialize_with = "refuse")] card: String) {
    drop(card);
}

#[job(log_arguments = false)]
async fn unwritable_and_hidden(#[serde(serialize_with = "refuse")] card: String) {
    drop(card);
}

#[tokio::test]
async fn an_error_of_arguments_that_cannot_be_written_quotes_none_of_them() {
    let words = seen(async |jobs, _| {
        let errors = [
            Unwritable::perform_later(SECRET).on(jobs).await.unwrap_err(),
            UnwritableAndHidden::perform_later(SECRET).on(jobs).await.unwrap_err(),
        ];
        for error in errors {
            let cause = std::error::Error::source(&error).map(|cause| format!("{cause} {cause:?}"));
            let words = format!("{error} {error:?} {cause:?}");
            assert!(!words.contains(SECRET) && words.contains("cannot be written"), "{words}");
        }
    })
    .await;
    assert!(!words.contains(SECRET), "{words}");
}

#[jobs::base(log_arguments = false)]
struct Discreet;

#[job(redact(card, token))]
#[derive(Clone, std::fmt::Debug, PartialEq)]
async fn printed(
    order: u64,
    #[serde(rename = "c", with = "own")] card: String,
    #[serde(default)] token: Option<String>,
) {
    drop((order, card, token));
}

#[job(log_arguments = false)]
#[derive(Debug, Clone)]
async fn printed_without_arguments(card: String) {
    drop(card);
}

#[job(base = Discreet)]
#[derive(Debug, Clone)]
async fn printed_of_a_base(card: String) {
    drop(card);
}

#[job(base = Discreet, log_arguments = true)]
#[derive(Debug)]
async fn printed_in_spite_of_a_base(order: u64) {
    let _ = order;
}

#[test]
fn a_derived_debug_of_a_job_shows_what_its_log_lines_show() {
    let printed = Printed::new(7, SECRET, Some(SECRET.to_owned()));
    let expected = "Printed { order: 7, card: [redacted], token: [redacted] }";
    assert_eq!(format!("{:?}", printed.clone()), expected);
    assert_eq!(printed, printed.clone());
    let hidden = format!("{:?} {:?}", PrintedWithoutArguments::new(SECRET), PrintedOfABase::new(SECRET).clone());
    assert_eq!(hidden, "PrintedWithoutArguments { .. } PrintedOfABase { .. }");
    assert_eq!(format!("{:?}", PrintedInSpiteOfABase::new(7)), "PrintedInSpiteOfABase { order: 7 }");
}
