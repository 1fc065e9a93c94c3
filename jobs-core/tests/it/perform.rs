//! Callbacks around a perform, and in which order.

use jobs_core::callback::CallbackFuture;
use jobs_core::{
    Base, Callback, Context, Definition, Failure, Next, Performed, Policy, Settings, perform, perform_stored,
};

use crate::setup::{Pay, PaymentError, block_on, context, frozen, note, noted, pause};

macro_rules! before {
    ($word:literal) => {
        Callback::before_perform::<Pay>($word, |context, _| {
            Box::pin(async move {
                pause().await;
                note(context, $word);
                Ok(())
            })
        })
    };
}

macro_rules! after {
    ($word:literal) => {
        Callback::after_perform::<Pay>($word, |context, _| {
            Box::pin(async move {
                pause().await;
                note(context, $word);
                Ok(())
            })
        })
    };
}

macro_rules! around {
    ($word:literal) => {
        Callback::around_perform::<Pay>($word, |context, _, next| wrapped(context, next, $word))
    };
}

fn wrapped<'a>(context: &'a Context, next: Next<'a>, word: &'static str) -> CallbackFuture<'a, Result<(), Failure>> {
    Box::pin(async move {
        note(context, &format!("{word}-in"));
        let result = next.run().await;
        note(context, &format!("{word}-{}", if result.is_ok() { "out" } else { "failed" }));
        result
    })
}

const EVEN: &str = r#"{"order":2}"#;
const ODD: &str = r#"{"order":1}"#;

fn words(policy: &Policy, arguments: &str) -> String {
    let context = context(arguments);
    let _ended = block_on(perform_stored::<Pay>(&context, policy));
    noted(&context).join(" ")
}

fn all_kinds() -> Policy {
    Policy::new()
        .callback(before!("before1"))
        .callback(before!("before2"))
        .callback(after!("after1"))
        .callback(after!("after2"))
        .callback(around!("around1"))
        .callback(around!("around2"))
        .callback(before!("before3"))
        .callback(after!("after3"))
}

#[test]
fn all_kinds_run_for_a_stored_job_in_active_jobs_order() {
    let expected = "before1 before2 around1-in around2-in before3 body after3 around2-out around1-out after2 after1";
    assert_eq!(words(&all_kinds(), EVEN), expected);
}

#[test]
fn after_callbacks_do_not_run_when_the_body_fails_and_arounds_see_the_failure() {
    let expected = "before1 before2 around1-in around2-in before3 body around2-failed around1-failed";
    assert_eq!(words(&all_kinds(), ODD), expected);
}

#[test]
fn a_perform_gives_the_value_of_the_body() {
    for policy in [Policy::new(), all_kinds()] {
        let context = context(EVEN);
        assert_eq!(block_on(perform(Pay { order: 2 }, &context, &policy)).unwrap(), Performed::Done(4));
    }
}

#[test]
fn a_failed_body_gives_its_own_error() {
    for policy in [Policy::new(), all_kinds()] {
        let failure = block_on(perform(Pay { order: 1 }, &context(ODD), &policy)).unwrap_err();
        assert!(matches!(failure.downcast_ref(), Some(PaymentError::Frozen)), "{failure:?}");
    }
}

struct Application;

impl Base for Application {
    const SETTINGS: Settings = Settings::new("Application");

    fn policy() -> Policy {
        Policy::new()
            .callback(Callback::before_any("log", |context| {
                Box::pin(async move {
                    note(context, "base-before");
                    Ok(())
                })
            }))
            .callback(Callback::around_any("time", |context, next| wrapped(context, next, "base")))
            .callback(Callback::after_any("thank", |context| {
                Box::pin(async move {
                    note(context, "base-after");
                    Ok(())
                })
            }))
    }
}

#[test]
fn inherited_callbacks_come_first_wherever_the_base_is_named() {
    let expected = "base-before base-in before body after base-after base-out";
    let named_first = Policy::new().inherit::<Application>().callback(before!("before")).callback(after!("after"));
    let named_last = Policy::new().callback(before!("before")).callback(after!("after")).inherit::<Application>();
    assert_eq!(words(&named_first, EVEN), expected);
    assert_eq!(words(&named_last, EVEN), expected);
}

#[test]
fn callbacks_of_the_defaults_stand_outside_those_of_the_base() {
    let defaults = Policy::new().callback(before!("default"));
    let policy = Policy::new().inherit::<Application>().over(&defaults);
    assert_eq!(words(&policy, EVEN), "default base-before base-in body base-after base-out");
}

#[test]
fn a_callback_sees_the_job() {
    let policy = Policy::new().callback(Callback::before_perform::<Pay>("see", |context, job| {
        Box::pin(async move {
            note(context, &format!("order {}", job.order));
            Ok(())
        })
    }));
    assert_eq!(words(&policy, EVEN), "order 2 body");
}

#[test]
fn a_failure_in_any_callback_is_the_failure_of_the_job() {
    let policies = [
        Callback::before_perform::<Pay>("b", |_, _| Box::pin(async { Err(frozen().into()) })),
        Callback::after_perform::<Pay>("a", |_, _| Box::pin(async { Err(frozen().into()) })),
        Callback::around_perform::<Pay>("r", |_, _, _| Box::pin(async { Err(frozen()) })),
        Callback::around_perform::<Pay>("s", |_, _, next| {
            Box::pin(async {
                next.run().await?;
                Err(frozen())
            })
        }),
    ];
    for callback in policies {
        let name = callback.name();
        let failure = block_on(perform_stored::<Pay>(&context(EVEN), &Policy::new().callback(callback))).unwrap_err();
        assert_eq!(failure.message(), "frozen", "{name}");
    }
}

#[test]
fn a_failing_before_callback_keeps_the_body_from_running() {
    let failing = Callback::before_perform::<Pay>("b", |_, _| Box::pin(async { Err(frozen().into()) }));
    let policy = Policy::new().callback(after!("outer")).callback(around!("around")).callback(failing);
    assert_eq!(words(&policy, EVEN), "around-in around-failed");
}

#[test]
fn an_around_callback_learns_whether_the_body_succeeded() {
    let policy = Policy::new().callback(around!("around"));
    assert_eq!(words(&policy, EVEN), "around-in body around-out");
    assert_eq!(words(&policy, ODD), "around-in body around-failed");
}

#[test]
fn unreadable_arguments_run_no_callback() {
    let context = context(r#"{"order":"x"}"#);
    let failure = block_on(perform_stored::<Pay>(&context, &all_kinds())).unwrap_err();
    assert!(failure.downcast_ref::<jobs_core::DeserializeError>().is_some());
    assert!(noted(&context).is_empty());
}

#[test]
fn a_definition_performs_its_job_without_knowing_the_type() {
    let context = context(EVEN);
    let performed = block_on(Definition::of::<Pay>().perform(&context, &all_kinds())).unwrap();
    assert_eq!(performed, Performed::Done(()));
    assert_eq!(noted(&context).len(), 11);
}
