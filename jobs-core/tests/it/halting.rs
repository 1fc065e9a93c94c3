//! What a callback stops, and what goes on all the same.

use jobs_core::{Callback, Halt, Performed, Policy, perform};

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

fn halting() -> Callback {
    Callback::before_perform::<Pay>("halt", |context, _| {
        Box::pin(async move {
            note(context, "halt");
            Err(Halt.into())
        })
    })
}

fn staying() -> Callback {
    Callback::around_perform::<Pay>("stay", |context, _, _| {
        Box::pin(async move {
            note(context, "stay");
            Ok(())
        })
    })
}

fn ran(policy: &Policy) -> (Performed<u64>, String) {
    let context = context(r#"{"order":2}"#);
    let performed = block_on(perform(Pay { order: 2 }, &context, policy)).expect("nothing fails here");
    (performed, noted(&context).join(" "))
}

#[test]
fn after_a_halt_later_callbacks_the_body_and_all_after_callbacks_are_skipped() {
    let policy = Policy::new()
        .callback(noting!(after_perform, "after1"))
        .callback(halting())
        .callback(noting!(before_perform, "before2"))
        .callback(around())
        .callback(noting!(after_perform, "after2"));
    assert_eq!(ran(&policy), (Performed::Halted, "halt".to_owned()));
}

#[test]
fn arounds_already_entered_finish_their_second_half_after_a_halt() {
    let policy = Policy::new()
        .callback(noting!(after_perform, "outer"))
        .callback(around())
        .callback(noting!(after_perform, "inner"))
        .callback(halting());
    assert_eq!(ran(&policy), (Performed::Halted, "in halt out".to_owned()));
}

#[test]
fn an_around_that_does_not_continue_skips_the_body_and_inner_callbacks_only() {
    let policy = Policy::new()
        .callback(noting!(after_perform, "outer"))
        .callback(staying())
        .callback(noting!(before_perform, "within"))
        .callback(noting!(after_perform, "inner"));
    assert_eq!(ran(&policy), (Performed::Halted, "stay outer".to_owned()));
}

#[test]
fn an_after_callback_that_halts_leaves_out_the_rest_and_keeps_the_value() {
    let halting = Callback::after_perform::<Pay>("halt", |context, _| {
        Box::pin(async move {
            note(context, "halt");
            Err(Halt.into())
        })
    });
    let policy = Policy::new().callback(noting!(after_perform, "outer")).callback(halting).callback(around());
    assert_eq!(ran(&policy), (Performed::Done(4), "in body out halt".to_owned()));
}

#[test]
fn an_around_that_keeps_a_failure_to_itself_leaves_no_value() {
    let swallowing = Callback::around_perform::<Pay>("swallow", |_, _, next| {
        Box::pin(async move {
            let _kept = next.run().await;
            Ok(())
        })
    });
    let context = context(r#"{"order":1}"#);
    let performed = block_on(perform(Pay { order: 1 }, &context, &Policy::new().callback(swallowing))).unwrap();
    assert_eq!(performed, Performed::Halted);
    assert_eq!(noted(&context), ["body"]);
}

#[test]
fn what_is_forgotten_is_only_the_value() {
    assert_eq!(Performed::Done(4).forget(), Performed::Done(()));
    assert_eq!(Performed::<u64>::Halted.forget(), Performed::Halted);
}
