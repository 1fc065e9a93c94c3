//! Values that travel with a job.

use std::collections::BTreeMap;

use jobs_core::{Meta, Propagated, PropagatedValues, PropagationError};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::setup::{context_of, execution};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Locale(String);

impl Propagated for Locale {
    const KEY: &'static str = "locale";
}

/// Of a later program, under the same key.
#[derive(Debug, Serialize, Deserialize)]
struct NewLocale {
    language: String,
}

impl Propagated for NewLocale {
    const KEY: &'static str = "locale";
}

/// No JSON: its keys are no texts.
#[derive(Serialize, Deserialize)]
struct Grid(BTreeMap<(u8, u8), u8>);

impl Propagated for Grid {
    const KEY: &'static str = "grid";
}

fn german() -> Locale {
    Locale("de".to_owned())
}

fn stored(meta: &str) -> jobs_core::Context {
    let mut execution = execution("{}");
    execution.meta = Some(meta.to_owned());
    context_of(execution)
}

fn unread(baggage: &PropagatedValues) -> Vec<(String, bool)> {
    let words = |one: PropagationError| (one.key, !one.message.is_empty());
    baggage.take_unread().into_iter().map(words).collect()
}

#[test]
fn what_is_put_in_is_stored_by_key_and_read_back_in_the_job() {
    let mut baggage = PropagatedValues::new();
    assert!(baggage.is_empty() && baggage.to_meta().unwrap().to_text().is_none());
    baggage.put(&Locale("fr".to_owned()));
    baggage.put(&german());
    baggage.trace("00-1-2-01".to_owned());
    assert!(baggage.holds("locale") && !baggage.holds("tenant"));
    let text = baggage.to_meta().unwrap().to_text().unwrap();
    assert_eq!(text, r#"{"traceparent":"00-1-2-01","carried":{"locale":"de"}}"#);
    let context = stored(&text);
    assert_eq!((context.propagated(), context.traceparent()), (Some(german()), Some("00-1-2-01")));
    assert_eq!(context.propagated::<NewLocale>().map(|one| one.language), None);
}

#[test]
fn a_job_with_which_nothing_travels_has_none() {
    let context = context_of(execution("{}"));
    assert!(context.baggage().is_none() && context.traceparent().is_none());
    assert_eq!(context.propagated::<Locale>(), None);
}

#[test]
fn a_value_that_cannot_be_read_back_counts_as_missing_and_is_recorded_once() {
    let context = stored(r#"{"carried":{"locale":{"language":"de"}}}"#);
    assert_eq!((context.propagated::<Locale>(), context.propagated::<Locale>()), (None, None));
    let baggage = context.baggage().unwrap();
    assert_eq!(unread(baggage), [("locale".to_owned(), true)]);
    assert_eq!(unread(baggage), [], "it is not told again");
    assert_eq!(context.propagated::<NewLocale>().unwrap().language, "de");
    assert_eq!(unread(baggage), []);
}

#[test]
fn what_is_of_another_form_altogether_is_noted_and_nothing_travels() {
    for (meta, keys) in [
        (r#"{"carried":5,"traceparent":["x"]}"#, &["carried", "traceparent"] as &[&str]),
        ("5", &["meta"]),
        ("{", &["meta"]),
    ] {
        let context = stored(meta);
        let baggage = context.baggage().unwrap();
        assert!(baggage.is_empty(), "{meta}");
        let noted: Vec<_> = unread(baggage).into_iter().map(|(key, _)| key).collect();
        assert_eq!(noted, keys, "{meta}");
    }
}

#[test]
fn values_of_other_programs_are_kept_and_handed_on() {
    let context = stored(r#"{"carried":{"tenant":{"id":7},"locale":"de"},"exception_executions":{"E":2}}"#);
    let mut baggage = PropagatedValues::clone(context.baggage().unwrap());
    baggage.put(&Locale("fr".to_owned()));
    let meta = baggage.to_meta().unwrap();
    assert_eq!(meta.carried, json!({"tenant": {"id": 7}, "locale": "fr"}));
    assert!(meta.exception_executions.is_empty(), "counters stay with their job");
}

#[test]
fn meta_keeps_propagated_values_of_any_type() {
    for text in [r#"{"carried":{"locale":"de"}}"#, r#"{"carried":5}"#] {
        assert_eq!(Meta::parse(Some(text)).unwrap().to_text().as_deref(), Some(text));
    }
}

#[test]
fn a_value_that_cannot_be_written_is_refused_by_its_key() {
    let mut baggage = PropagatedValues::new();
    baggage.put(&Grid(BTreeMap::from([((1, 2), 3)])));
    let error = baggage.to_meta().unwrap_err();
    assert!(error.is_invalid() && error.to_string().contains("carried as `grid`"), "{error}");
    assert!(baggage.get::<Grid>().is_none());
}

#[test]
fn the_note_about_a_value_that_cannot_be_read_does_not_quote_it() {
    let context = stored(r#"{"carried":{"locale":4111}}"#);
    assert_eq!(context.propagated::<Locale>(), None);
    let notes = context.baggage().unwrap().take_unread();
    assert_eq!(notes[0].message, "the value is not a `it::propagated::Locale`");
    assert!(!format!("{context:?}").contains("4111"));
}
