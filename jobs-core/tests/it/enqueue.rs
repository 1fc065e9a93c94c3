//! Callbacks around an enqueue.

use std::time::Duration;

use jobs_core::callback::{Moment, Stop, Verdict};
use jobs_core::{Base, Callback, Due, Enqueue, Halt, Policy, Settings, after_enqueue, before_enqueue};

use crate::setup::{Pay, block_on, frozen, pause};

const JOB: Pay = Pay { order: 2 };

fn draft() -> Enqueue {
    Enqueue::new("pay", "mail", r#"{"order":2}"#)
}

/// Writes its word behind the queue's name, so that the name tells the order.
macro_rules! writing {
    ($kind:ident, $word:literal) => {
        Callback::$kind::<Pay>($word, |enqueue, _| {
            Box::pin(async move {
                pause().await;
                enqueue.queue.push_str($word);
                Ok(())
            })
        })
    };
}

fn before(policy: &Policy) -> (Verdict, Enqueue) {
    let mut enqueue = draft();
    let verdict = block_on(before_enqueue(&mut enqueue, &JOB, policy));
    (verdict, enqueue)
}

#[test]
fn a_draft_is_of_priority_zero_and_due_now() {
    let draft = draft();
    assert_eq!((draft.priority, draft.due), (0, Due::Now));
}

#[test]
fn before_callbacks_run_in_the_order_of_declaration() {
    let policy = Policy::new()
        .callback(writing!(before_enqueue, "-1"))
        .callback(writing!(after_enqueue, "-after"))
        .callback(writing!(before_enqueue, "-2"));
    assert_eq!(before(&policy).1.queue, "mail-1-2");
}

#[test]
fn after_callbacks_run_in_reverse() {
    let policy = Policy::new()
        .callback(writing!(after_enqueue, "-1"))
        .callback(writing!(before_enqueue, "-before"))
        .callback(writing!(after_enqueue, "-2"));
    let mut enqueue = draft();
    block_on(after_enqueue(&mut enqueue, &JOB, &policy)).unwrap();
    assert_eq!(enqueue.queue, "mail-2-1");
}

#[test]
fn a_before_callback_may_alter_queue_priority_time_and_arguments() {
    let policy = Policy::new().callback(Callback::before_enqueue::<Pay>("alter", |enqueue, job| {
        Box::pin(async move {
            enqueue.queue = "high".to_owned();
            enqueue.priority = 9;
            enqueue.due = Due::In(Duration::from_secs(5));
            enqueue.arguments = format!(r#"{{"order":{}}}"#, job.order + 1);
            Ok(())
        })
    }));
    let (verdict, enqueue) = before(&policy);
    assert!(verdict.is_ok());
    let mut expected = Enqueue::new("pay", "high", r#"{"order":3}"#);
    expected.priority = 9;
    expected.due = Due::In(Duration::from_secs(5));
    assert_eq!(enqueue, expected);
}

#[test]
fn a_halt_before_the_enqueue_stops_the_callbacks_that_follow() {
    let halting = Callback::before_enqueue::<Pay>("halt", |_, _| Box::pin(async { Err(Halt.into()) }));
    let policy = Policy::new()
        .callback(writing!(before_enqueue, "-1"))
        .callback(halting)
        .callback(writing!(before_enqueue, "-2"));
    let (verdict, enqueue) = before(&policy);
    assert!(matches!(verdict, Err(Stop::Halt)));
    assert_eq!(enqueue.queue, "mail-1");
}

#[test]
fn a_failure_before_the_enqueue_is_handed_on() {
    let policy = Policy::new()
        .callback(Callback::before_enqueue::<Pay>("fail", |_, _| Box::pin(async { Err(frozen().into()) })));
    let Err(Stop::Failed(failure)) = before(&policy).0 else { panic!("it fails") };
    assert_eq!(failure.message(), "frozen");
}

struct Application;

impl Base for Application {
    const SETTINGS: Settings = Settings::new("Application");

    fn policy() -> Policy {
        Policy::new()
            .callback(Callback::before_any_enqueue("before", |enqueue| {
                Box::pin(async move {
                    enqueue.queue.push_str("-base");
                    Ok(())
                })
            }))
            .callback(Callback::after_any_enqueue("after", |enqueue| {
                Box::pin(async move {
                    enqueue.queue.push_str("-base");
                    Ok(())
                })
            }))
    }
}

#[test]
fn those_of_a_base_are_outermost() {
    let policy = Policy::new()
        .callback(writing!(before_enqueue, "-own"))
        .callback(writing!(after_enqueue, "-own"))
        .inherit::<Application>();
    let (_, mut enqueue) = before(&policy);
    assert_eq!(enqueue.queue, "mail-base-own");
    block_on(after_enqueue(&mut enqueue, &JOB, &policy)).unwrap();
    assert_eq!(enqueue.queue, "mail-base-own-own-base");
}

#[test]
fn callbacks_of_a_perform_are_no_concern_of_an_enqueue() {
    let performing = Callback::before_perform::<Pay>("perform", |_, _| Box::pin(async { Err(Halt.into()) }));
    let policy = Policy::new().callback(performing);
    assert!(before(&policy).0.is_ok());
    assert!(policy.has_callbacks(Moment::Perform));
    assert!(!policy.has_callbacks(Moment::Enqueue));
}
