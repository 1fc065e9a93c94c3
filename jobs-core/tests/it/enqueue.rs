//! Callbacks around an enqueue.

use std::time::Duration;

use jobs_core::callback::{CallbackFuture, Moment, Stop, Verdict};
use jobs_core::{Base, Callback, Due, Error, Failure, Halt, JobDraft, Policy, Settings, Storing, enqueue};

use crate::setup::{Pay, block_on, frozen, pause};

const JOB: Pay = Pay { order: 2 };

fn draft() -> JobDraft {
    JobDraft::new("pay", "mail", r#"{"order":2}"#)
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

/// A store that writes its word too.
struct Marking;

impl Storing for Marking {
    fn store<'a>(&'a self, enqueue: &'a mut JobDraft) -> CallbackFuture<'a, Verdict> {
        Box::pin(async {
            pause().await;
            enqueue.queue.push_str("-STORED");
            Ok(())
        })
    }
}

/// A store that is gone.
struct Refusing;

impl Storing for Refusing {
    fn store<'a>(&'a self, _: &'a mut JobDraft) -> CallbackFuture<'a, Verdict> {
        Box::pin(async { Err(Failure::from_error(Error::transient("the store is gone")).into()) })
    }
}

fn run(policy: &Policy) -> (Verdict, JobDraft) {
    let mut draft = draft();
    let verdict = block_on(enqueue(&mut draft, &JOB, policy, &Marking));
    (verdict, draft)
}

/// Writes its word on the way in and on the way out.
macro_rules! around {
    ($word:literal) => {
        Callback::around_enqueue::<Pay>($word, |enqueue, _, next| {
            Box::pin(async move {
                enqueue.queue.push_str(concat!("-", $word, "("));
                next.run(enqueue).await?;
                enqueue.queue.push_str(concat!(")", $word));
                Ok(())
            })
        })
    };
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
    assert_eq!(run(&policy).1.queue, "mail-1-2-STORED-after");
}

#[test]
fn after_callbacks_run_in_reverse() {
    let policy = Policy::new()
        .callback(writing!(after_enqueue, "-1"))
        .callback(writing!(before_enqueue, "-before"))
        .callback(writing!(after_enqueue, "-2"));
    assert_eq!(run(&policy).1.queue, "mail-before-STORED-2-1");
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
    let (verdict, enqueue) = run(&policy);
    assert!(verdict.is_ok());
    let mut expected = JobDraft::new("pay", "high-STORED", r#"{"order":3}"#);
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
    let (verdict, enqueue) = run(&policy);
    assert!(matches!(verdict, Err(Stop::Halt)));
    assert_eq!(enqueue.queue, "mail-1");
}

#[test]
fn a_failure_before_the_enqueue_is_handed_on() {
    let policy = Policy::new()
        .callback(Callback::before_enqueue::<Pay>("fail", |_, _| Box::pin(async { Err(frozen().into()) })));
    let Err(Stop::Failed(failure)) = run(&policy).0 else { panic!("it fails") };
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
    assert_eq!(run(&policy).1.queue, "mail-base-own-STORED-own-base");
}

#[test]
fn callbacks_of_a_perform_are_no_concern_of_an_enqueue() {
    let performing = Callback::before_perform::<Pay>("perform", |_, _| Box::pin(async { Err(Halt.into()) }));
    let policy = Policy::new().callback(performing);
    assert!(run(&policy).0.is_ok());
    assert!(policy.has_callbacks(Moment::Perform));
    assert!(!policy.has_callbacks(Moment::Enqueue));
}

#[test]
fn arounds_nest_with_before_and_after_callbacks_as_those_of_a_perform_do() {
    let policy = Policy::new()
        .callback(writing!(before_enqueue, "-b1"))
        .callback(writing!(after_enqueue, "-outer"))
        .callback(around!("a1"))
        .callback(around!("a2"))
        .callback(writing!(before_enqueue, "-b2"))
        .callback(writing!(after_enqueue, "-inner"));
    assert_eq!(run(&policy).1.queue, "mail-b1-a1(-a2(-b2-STORED-inner)a2)a1-outer");
}

#[test]
fn a_halt_lets_arounds_that_were_entered_go_out_again_and_stores_nothing() {
    let halting = Callback::before_enqueue::<Pay>("halt", |_, _| Box::pin(async { Err(Halt.into()) }));
    let policy = Policy::new().callback(writing!(after_enqueue, "-outer")).callback(around!("a")).callback(halting);
    let (verdict, draft) = run(&policy);
    assert!(matches!(verdict, Err(Stop::Halt)));
    assert_eq!(draft.queue, "mail-a()a");
}

#[test]
fn an_around_that_does_not_go_on_stores_nothing_and_what_is_outside_runs() {
    let staying = Callback::around_enqueue::<Pay>("stay", |_, _, _| Box::pin(async { Ok(()) }));
    let policy = Policy::new()
        .callback(writing!(after_enqueue, "-outer"))
        .callback(staying)
        .callback(writing!(before_enqueue, "-within"));
    let (verdict, draft) = run(&policy);
    assert!(verdict.is_ok());
    assert_eq!(draft.queue, "mail-outer");
}

#[test]
fn what_the_store_says_passes_through_an_around_as_it_is() {
    let mut draft = draft();
    let policy = Policy::new().callback(around!("a")).callback(writing!(after_enqueue, "-after"));
    let Err(Stop::Failed(failure)) = block_on(enqueue(&mut draft, &JOB, &policy, &Refusing)) else {
        panic!("the store says no")
    };
    assert!(failure.downcast::<Error>().is_ok_and(|error| error.is_transient()));
    assert_eq!(draft.queue, "mail-a(", "no after callback runs");
}

#[test]
fn an_around_of_a_base_sees_every_job() {
    let around = Callback::around_any_enqueue("measure", |enqueue, next| {
        Box::pin(async move {
            enqueue.priority = 7;
            next.run(enqueue).await
        })
    });
    let (verdict, draft) = run(&Policy::new().callback(around));
    assert!(verdict.is_ok());
    assert_eq!((draft.queue.as_str(), draft.priority), ("mail-STORED", 7));
}
