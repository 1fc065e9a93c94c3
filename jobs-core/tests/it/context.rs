//! What a perform may ask, and what it is lent.

use std::sync::Arc;
use std::time::Duration;

use jobs_core::{
    Cancellation as _, Context, Job, NeverCancelled, NotProvided, Performed, Policy, Provided, Requirement, Settings,
    Timestamp, perform, perform_stored,
};
use serde::{Deserialize, Serialize};

use crate::setup::{ID, Pay, block_on, execution};

#[derive(Debug, PartialEq)]
struct Shop(&'static str);

#[derive(Serialize, Deserialize)]
struct Sell {}

impl Job for Sell {
    type Output = String;
    type Error = std::fmt::Error;
    const SETTINGS: Settings = Settings::new("sell");
    const REQUIRES: &'static [Requirement] = &[Requirement::of::<u8>(), Requirement::of::<Shop>()];

    async fn perform(self, context: &Context) -> Result<String, std::fmt::Error> {
        Ok(format!("{}{}", context.provided::<Shop>().0, context.provided::<u8>()))
    }
}

fn lent(provided: Provided) -> Context {
    Context::new(execution("{}"), Arc::new(provided), Arc::new(NeverCancelled))
}

#[test]
fn a_job_is_provided_with_what_it_requires() {
    let mut provided = Provided::new();
    provided.insert(Shop("corner"));
    provided.insert(7_u8);
    let sold = block_on(perform(Sell {}, &lent(provided), &Policy::new())).unwrap();
    assert_eq!(sold, Performed::Done("corner7".to_owned()));
}

#[test]
fn a_type_that_is_not_provided_fails_the_attempt_by_name_without_a_panic() {
    let mut provided = Provided::new();
    provided.insert(7_u8);
    let context = lent(provided);
    let stored = block_on(perform_stored::<Sell>(&context, &Policy::new())).unwrap_err();
    let now = block_on(perform(Sell {}, &context, &Policy::new())).unwrap_err();
    for failure in [stored, now] {
        assert!(failure.downcast_ref::<NotProvided>().is_some());
        let words =
            format!("nothing provides `{}`; give it to the runtime with `.provide(..)`", std::any::type_name::<Shop>());
        assert_eq!(failure.message(), words);
    }
}

#[test]
fn the_first_requirement_that_is_missing_is_named() {
    let failure = block_on(perform_stored::<Sell>(&lent(Provided::new()), &Policy::new())).unwrap_err();
    assert_eq!(failure.downcast_ref(), Some(&NotProvided { missing: "u8" }));
}

#[test]
fn a_later_value_of_a_type_replaces_the_first() {
    let mut provided = Provided::new();
    provided.insert(Shop("old"));
    provided.insert(Shop("new"));
    assert_eq!(provided.get(), Some(&Shop("new")));
    assert_eq!(format!("{provided:?}"), format!("{{{:?}}}", std::any::type_name::<Shop>()));
}

#[test]
fn a_context_finds_what_is_there_and_nothing_else() {
    let mut provided = Provided::new();
    provided.insert(Shop("corner"));
    let context = lent(provided);
    assert_eq!(context.get(), Some(&Shop("corner")));
    assert_eq!(context.get::<u64>(), None);
}

#[test]
#[should_panic(expected = "checked to be provided")]
fn asking_for_what_was_never_required_nor_provided_panics() {
    let _shop = lent(Provided::new()).provided::<Shop>().0;
}

#[test]
fn a_requirement_is_named_by_its_type() {
    let requirement = Requirement::of::<u64>();
    assert_eq!((requirement.name(), requirement.id()), ("u64", std::any::TypeId::of::<u64>()));
    assert_eq!(format!("{requirement:?}"), "Requirement(u64)");
}

#[test]
fn a_context_tells_of_its_execution() {
    let mut execution = execution(r#"{"order":2}"#);
    execution.queue = "mail".to_owned();
    execution.priority = -4;
    execution.attempt = 3;
    execution.enqueued_at = Timestamp::from_micros(9);
    let context = crate::setup::context_of(execution);
    assert_eq!((context.id(), context.name(), context.queue()), (ID, "pay", "mail"));
    assert_eq!((context.priority(), context.attempt()), (-4, 3));
    assert_eq!(context.enqueued_at(), Timestamp::from_micros(9));
    assert_eq!(context.job::<Pay>().unwrap(), Pay { order: 2 });
    assert_eq!(context.into_execution().attempt, 3);
}

#[test]
fn a_deadline_is_there_only_with_a_timeout() {
    let context = lent(Provided::new());
    assert_eq!(context.deadline(), None);
    let deadline = Timestamp::default() + Duration::from_secs(5);
    assert_eq!(context.until(Some(deadline)).deadline(), Some(deadline));
}

#[test]
fn a_perform_without_cancellation_is_never_cancelled() {
    assert!(!lent(Provided::new()).is_cancelled());
    let mut waiting = NeverCancelled.cancelled(ID);
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    assert!(waiting.as_mut().poll(&mut context).is_pending());
}
