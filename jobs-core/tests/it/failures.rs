//! What a failure knows of itself.

use std::fmt;
use std::io;
use std::ops::Deref;
use std::time::Duration;

use jobs_core::{BoxError, DeserializeError, Failure, NotProvided, Panic, TimedOut, as_error};

use crate::setup::{PaymentError, gateway};

#[test]
fn a_failure_has_the_class_and_the_message_of_its_error() {
    let failure = gateway();
    assert_eq!(failure.class(), std::any::type_name::<PaymentError>());
    assert_eq!(failure.to_string(), "the gateway failed");
    assert_eq!(format!("{failure:?}"), format!("Failure({}: the gateway failed)", failure.class()));
}

#[test]
fn a_record_has_the_messages_of_all_causes_outermost_first() {
    let inner = jobs_core::Error::other("second").with_source(fmt::Error);
    let failure = Failure::from_error(jobs_core::Error::other("first").with_source(inner));
    let record = failure.record();
    assert_eq!(record.message, "first");
    assert_eq!(record.causes, ["second".to_owned(), fmt::Error.to_string()]);
    assert_eq!((record.attempt, record.duration_ms), (0, 0));
}

#[test]
fn the_typed_error_is_found_itself_and_among_its_causes() {
    let failure = gateway();
    assert!(matches!(failure.downcast_ref(), Some(PaymentError::Gateway(_))));
    assert!(failure.downcast_ref::<io::Error>().is_none(), "causes are not searched");
    assert_eq!(failure.find::<io::Error>().map(ToString::to_string).as_deref(), Some("refused"));
    assert!(failure.find::<PaymentError>().is_some());
    assert!(failure.find::<fmt::Error>().is_none());
}

#[test]
fn the_error_is_taken_out_only_as_what_it_is() {
    let failure = gateway().downcast::<io::Error>().unwrap_err();
    assert_eq!(failure.message(), "the gateway failed");
    assert_eq!(failure.layers().count(), 3, "it is whole: the error, its cause, and what that was made from");
    assert!(matches!(failure.downcast(), Ok(PaymentError::Gateway(_))));
}

#[test]
fn a_panic_keeps_its_message() {
    assert_eq!(Panic::caught(&"boom").to_string(), "the job panicked: boom");
    assert_eq!(Panic::caught(&String::from("boom 7")).to_string(), "the job panicked: boom 7");
    assert_eq!(Panic::caught(&7).to_string(), "the job panicked: a panic without a message");
}

#[test]
fn a_timeout_names_its_limit() {
    let words = TimedOut { after: Duration::from_millis(1500) }.to_string();
    assert_eq!(words, "the job ran longer than its timeout of 1.5s");
}

/// As `anyhow::Error`: no error itself, but it derefs to one.
struct Wrapped(Box<dyn std::error::Error + Send + Sync>);

impl Deref for Wrapped {
    type Target = dyn std::error::Error + Send + Sync;

    fn deref(&self) -> &Self::Target {
        &*self.0
    }
}

#[test]
fn errors_and_types_that_deref_to_one_have_a_view() {
    let words = |error: Option<&(dyn std::error::Error + 'static)>| error.map(ToString::to_string).unwrap();
    assert_eq!(words(as_error(&io::Error::other("plain"))), "plain");
    assert_eq!(words(as_error(&BoxError::from("boxed"))), "boxed");
    assert_eq!(words(as_error(&Wrapped("wrapped".into()))), "wrapped");
}

#[test]
fn the_class_of_an_error_of_the_library_is_the_path_that_users_import() {
    let panic = Panic::caught(&"it fell over");
    let timed_out = TimedOut { after: Duration::from_secs(1) };
    let not_provided = NotProvided { missing: "Mailer" };
    let failures = [
        Failure::from_error(jobs_core::Error::other("away")),
        Failure::from_error(DeserializeError::message("a")),
        Failure::from_error(panic),
        Failure::from_error(timed_out),
        Failure::from_error(not_provided),
    ];
    let classes = failures.map(|failure| failure.class());
    let expected = ["jobs::Error", "jobs::DeserializeError", "jobs::Panic", "jobs::TimedOut", "jobs::NotProvided"];
    assert_eq!(classes, expected);
}
