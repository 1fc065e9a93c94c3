//! Callbacks that run only where a condition lets them.

use jobs_core::callback::{CallbackFuture, Verdict};
use jobs_core::{Callback, Condition, Definition, JobDraft, Performed, Policy, Registry, Storing, enqueue, perform};

use crate::setup::{Pay, block_on, context, note, noted};

macro_rules! noting {
    ($kind:ident, $word:literal) => {
        Callback::$kind::<Pay>($word, |context, _| {
            Box::pin(async move {
                note(context, $word);
                Ok(())
            })
        })
    };
}

fn around() -> Callback {
    Callback::around_perform::<Pay>("around", |context, _, next| {
        Box::pin(async move {
            note(context, "in");
            next.run().await?;
            note(context, "out");
            Ok(())
        })
    })
}

fn is_large() -> Condition {
    Condition::on_perform::<Pay>(|_, job| job.order > 10)
}

fn is_first() -> Condition {
    Condition::on_any_perform(|context| context.attempt() == 1)
}

fn ran(order: u64, policy: &Policy) -> String {
    let context = context(&format!(r#"{{"order":{order}}}"#));
    let performed = block_on(perform(Pay { order }, &context, policy)).expect("nothing fails here");
    assert_eq!(performed, Performed::Done(order * 2));
    noted(&context).join(" ")
}

#[test]
fn a_callback_of_each_kind_runs_only_where_its_condition_holds() {
    let policy = Policy::new()
        .callback(noting!(before_perform, "before").only_if(is_large()))
        .callback(around().only_if(is_large()))
        .callback(noting!(after_perform, "after").only_if(is_large()));
    assert_eq!(ran(20, &policy), "before in body after out");
    assert_eq!(ran(2, &policy), "body", "an around that does not run lets the rest run");
}

#[test]
fn unless_turns_it_round_and_of_several_conditions_all_must_allow_it() {
    let both = |large: Condition| noting!(before_perform, "before").unless(large).only_if(is_first());
    let policy = Policy::new().callback(both(is_large()));
    assert_eq!((ran(2, &policy), ran(20, &policy)), ("before body".to_owned(), "body".to_owned()));
    let never = Condition::on_any_perform(|context| context.attempt() > 1);
    let policy = Policy::new().callback(noting!(before_perform, "before").only_if(is_first()).only_if(never));
    assert_eq!(ran(2, &policy), "body");
}

#[test]
fn a_condition_is_asked_when_the_turn_of_its_callback_comes() {
    let noted_body = Condition::on_any_perform(|context| noted(context).iter().any(|word| word == "body"));
    let policy = Policy::new()
        .callback(noting!(after_perform, "after").only_if(noted_body.clone()))
        .callback(noting!(before_perform, "before").only_if(noted_body));
    assert_eq!(ran(2, &policy), "body after");
}

struct Nowhere;

impl Storing for Nowhere {
    fn store<'a>(&'a self, _: &'a mut JobDraft) -> CallbackFuture<'a, Verdict> {
        Box::pin(async { Ok(()) })
    }
}

/// The queue's name after one callback of each kind has written its word behind it, if the priority is high.
fn written(priority: i32) -> String {
    let is_urgent = Condition::on_enqueue::<Pay>(|enqueue, job| enqueue.priority > 5 && job.order > 0);
    let before = Callback::before_enqueue::<Pay>("before", |enqueue, _| {
        Box::pin(async move {
            enqueue.queue.push_str("-before");
            Ok(())
        })
    });
    let after = Callback::after_enqueue::<Pay>("after", |enqueue, _| {
        Box::pin(async move {
            enqueue.queue.push_str("-after");
            Ok(())
        })
    });
    let around = Callback::around_any_enqueue("around", |enqueue, next| {
        Box::pin(async move {
            enqueue.queue.push_str("-around");
            next.run(enqueue).await
        })
    });
    let mut policy = Policy::new();
    for callback in [before, around, after] {
        policy = policy.callback(callback.only_if(is_urgent.clone()));
    }
    let mut draft = JobDraft::new("pay", "mail", "{}");
    draft.priority = priority;
    block_on(enqueue(&mut draft, &Pay { order: 2 }, &policy, &Nowhere)).expect("nothing fails here");
    draft.queue
}

#[test]
fn callbacks_of_an_enqueue_have_conditions_too() {
    assert_eq!((written(9), written(0)), ("mail-before-around-after".to_owned(), "mail".to_owned()));
}

#[test]
fn a_condition_of_the_other_moment_is_refused_when_the_registry_is_built() {
    let strange = Condition::on_any_enqueue(|_| true);
    let defaults = Policy::new().callback(noting!(before_perform, "check").only_if(strange));
    let error = Registry::of([Definition::of::<Pay>()], &defaults).unwrap_err();
    assert!(error.is_invalid(), "{error}");
    assert_eq!(
        error.to_string(),
        "the job `pay` has a condition on `before_perform(check)` that is asked at another moment"
    );
}
