//! What an error was made from is a cause of it, however it is wrapped.

use std::error::Error as StdError;
use std::fmt;
use std::io;
use std::sync::Arc;

use jobs_core::{BoxError, Context, Failure, Job, Matcher, Policy, Rule, Settings};
use serde::{Deserialize, Serialize};

/// What a rule names.
#[derive(Debug)]
struct Declined;

impl fmt::Display for Declined {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("declined")
    }
}

impl StdError for Declined {}

/// What a job may raise: each variant holds the error in another way.
#[derive(Debug)]
enum Wrapped {
    InBox(Box<Declined>),
    Shared(Arc<Declined>),
    OfIo(io::Error),
    SharedIo(Arc<io::Error>),
}

impl fmt::Display for Wrapped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the payment failed")
    }
}

impl StdError for Wrapped {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        Some(match self {
            Self::InBox(error) => error,
            Self::Shared(error) => error,
            Self::OfIo(error) => error,
            Self::SharedIo(error) => error,
        })
    }
}

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

fn is_declined(failure: &Failure) -> bool {
    let rule = Rule::discard(Matcher::error::<Declined>("Declined"));
    let taken = Policy::new().rule(rule).rule_for(failure).is_some();
    assert_eq!(failure.find::<Declined>().is_some(), taken, "a rule and a search find the same: {failure:?}");
    taken
}

#[test]
fn what_an_io_error_was_made_from_is_a_cause_of_it() {
    assert!(is_declined(&Failure::from_error(io::Error::other(Declined))));
    let nested = io::Error::other(io::Error::new(io::ErrorKind::TimedOut, Declined));
    assert!(is_declined(&Failure::from_error(nested)));
    assert!(is_declined(&Failure::raised::<Loose>(io::Error::other(Declined).into())));
    assert!(!is_declined(&Failure::from_error(io::Error::from(io::ErrorKind::NotFound))));
    assert!(!is_declined(&Failure::from_error(io::Error::other("declined"))), "words are no type");
}

#[test]
fn an_error_in_a_box_or_shared_is_found_in_every_variant() {
    let variants = [
        Wrapped::InBox(Box::new(Declined)),
        Wrapped::Shared(Arc::new(Declined)),
        Wrapped::OfIo(io::Error::other(Declined)),
        Wrapped::SharedIo(Arc::new(io::Error::other(Declined))),
    ];
    for variant in variants {
        assert!(is_declined(&Failure::from_error(variant)));
    }
}

#[test]
fn the_error_itself_may_be_a_box_of_what_a_rule_names() {
    assert!(is_declined(&Failure::from_error(Box::new(Declined))));
    assert!(is_declined(&Failure::raised::<Loose>(Box::new(Declined))));
}

#[test]
fn a_repeated_message_is_stored_once() {
    let failure = Failure::from_error(Wrapped::OfIo(io::Error::other(io::Error::other(Declined))));
    assert_eq!(failure.record().causes, ["declined"]);
    assert_eq!(failure.layers().count(), 4, "the chain itself is whole");
    assert!(Failure::from_error(io::Error::other("refused")).record().causes.is_empty());
}
