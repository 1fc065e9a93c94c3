//! Which failures a matcher is about.

use std::fmt;
use std::io;
use std::time::Duration;

use jobs_core::{
    BoxError, Context, DeserializeError, Failure, Job, Matcher, NotProvided, Panic, Policy, Rule, Settings, TimedOut,
};
use serde::{Deserialize, Serialize};

use crate::setup::{PaymentError, declined, frozen, gateway};

fn takes(matcher: Matcher, failure: &Failure) -> bool {
    Policy::new().rule(Rule::discard(matcher)).rule_for(failure).is_some()
}

/// A job that raises boxed errors.
#[derive(Serialize, Deserialize)]
struct Loose;

impl Job for Loose {
    type Output = ();
    type Error = BoxError;
    const SETTINGS: Settings = Settings::new("loose");

    async fn perform(self, _: &Context) -> Result<(), BoxError> {
        Ok(())
    }
}

/// A job by hand that gives no view of its error, and one whose error is none for the standard library.
#[derive(Serialize, Deserialize)]
struct Plain<E>(std::marker::PhantomData<fn() -> E>);

impl<E: fmt::Debug + fmt::Display + Send + Sync + 'static> Job for Plain<E> {
    type Output = ();
    type Error = E;
    const SETTINGS: Settings = Settings::new("plain");

    async fn perform(self, _: &Context) -> Result<(), E> {
        Ok(())
    }
}

#[derive(Debug, PartialEq)]
struct Words(&'static str);

impl fmt::Display for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

#[test]
fn a_type_matches_the_error_itself() {
    assert!(takes(Matcher::error::<PaymentError>("PaymentError"), &frozen()));
    assert!(!takes(Matcher::error::<fmt::Error>("fmt::Error"), &frozen()));
}

#[test]
fn a_type_matches_a_cause() {
    assert!(takes(Matcher::error::<io::Error>("io::Error"), &gateway()));
    assert!(!takes(Matcher::error::<io::Error>("io::Error"), &frozen()));
}

#[test]
fn a_type_matches_a_cause_of_a_cause() {
    let inner = PaymentError::Gateway(io::Error::other("refused"));
    let failure = Failure::from_error(jobs_core::Error::other("outer").with_source(inner));
    assert!(takes(Matcher::error::<io::Error>("io::Error"), &failure));
}

#[test]
fn a_type_matches_what_is_in_a_box_and_its_causes() {
    let failure = Failure::raised::<Loose>(PaymentError::Gateway(io::Error::other("refused")).into());
    assert!(takes(Matcher::error::<PaymentError>("PaymentError"), &failure));
    assert!(takes(Matcher::error::<io::Error>("io::Error"), &failure));
    assert!(!takes(Matcher::error::<fmt::Error>("fmt::Error"), &failure));
}

#[test]
fn a_type_matches_an_error_whose_job_gives_no_view_of_it() {
    let failure = Failure::raised::<Plain<io::Error>>(io::Error::other("refused"));
    assert!(takes(Matcher::error::<io::Error>("io::Error"), &failure));
    assert!(!takes(Matcher::error::<fmt::Error>("fmt::Error"), &failure));
}

#[test]
fn an_error_type_without_the_std_trait_is_matched_by_pattern_and_by_any() {
    let failure = Failure::raised::<Plain<Words>>(Words("late"));
    assert!(takes(Matcher::pattern("late", |error: &Words| *error == Words("late")), &failure));
    assert!(!takes(Matcher::pattern("early", |error: &Words| *error == Words("early")), &failure));
    assert!(takes(Matcher::any(), &failure));
    assert_eq!((failure.message(), failure.layers().count()), ("late", 0));
}

#[test]
fn a_pattern_matches_the_error_itself() {
    let matcher =
        || Matcher::pattern("Declined { code: 51 }", |error| matches!(error, PaymentError::Declined { code: 51 }));
    assert!(takes(matcher(), &declined(51)));
    assert!(!takes(matcher(), &declined(7)));
}

#[test]
fn a_pattern_does_not_match_causes() {
    let failure = Failure::from_error(jobs_core::Error::other("outer").with_source(PaymentError::Frozen));
    assert!(!takes(Matcher::pattern("Frozen", |error| matches!(error, PaymentError::Frozen)), &failure));
    assert!(takes(Matcher::error::<PaymentError>("PaymentError"), &failure));
}

#[test]
fn a_predicate_sees_failures_of_every_kind() {
    let refused = || Matcher::predicate("refused", |failure| failure.message().contains("timeout"));
    assert!(takes(refused(), &Failure::from_error(TimedOut { after: Duration::from_secs(1) })));
    assert!(!takes(refused(), &frozen()));
}

#[test]
fn what_the_library_raises_is_matched_by_its_type() {
    let panic = Failure::from_error(Panic::caught(&"boom"));
    let late = Failure::from_error(TimedOut { after: Duration::from_secs(1) });
    let unread = Failure::from_error(DeserializeError::message("no"));
    let lacking = Failure::from_error(NotProvided { missing: "Shop" });
    let matchers = [
        Matcher::error::<Panic>("Panic"),
        Matcher::error::<TimedOut>("TimedOut"),
        Matcher::error::<DeserializeError>("DeserializeError"),
        Matcher::error::<NotProvided>("NotProvided"),
    ];
    for (place, failure) in [panic, late, unread, lacking].iter().enumerate() {
        let taken: Vec<_> = matchers.iter().map(|matcher| takes(matcher.clone(), failure)).collect();
        assert_eq!(taken.iter().position(|taken| *taken), Some(place), "{failure:?}");
        assert_eq!(taken.iter().filter(|taken| **taken).count(), 1, "{failure:?}");
    }
}

#[test]
fn one_of_several_takes_what_any_of_them_takes() {
    let both = || {
        let declined = Matcher::pattern("Declined", |error| matches!(error, PaymentError::Declined { .. }));
        Matcher::one_of("Declined, io::Error", [declined, Matcher::error::<io::Error>("io::Error")])
    };
    assert!(takes(both(), &declined(1)));
    assert!(takes(both(), &gateway()), "as a cause");
    assert!(!takes(both(), &frozen()));
    assert_eq!(both().words(), "Declined, io::Error");
}

#[test]
fn one_of_several_with_any_among_them_takes_all() {
    assert!(takes(
        Matcher::one_of("io::Error, any", [Matcher::error::<io::Error>("io::Error"), Matcher::any()]),
        &frozen()
    ));
}

#[test]
fn any_takes_every_kind() {
    for failure in [frozen(), gateway(), Failure::from_error(Panic::caught(&"boom"))] {
        assert!(takes(Matcher::any(), &failure), "{failure:?}");
    }
}
