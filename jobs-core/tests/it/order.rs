//! The order of callbacks, for every mixture of five declarations over four levels and for both moments.

use std::convert::Infallible;

use jobs_core::callback::{CallbackFuture, Verdict};
use jobs_core::{Callback, Context, Job, JobDraft, Policy, Settings, Storing, enqueue, perform};
use serde::{Deserialize, Serialize};

use crate::setup::{block_on, context, note, noted};

#[derive(Serialize, Deserialize)]
struct Plain;

impl Job for Plain {
    type Output = ();
    type Error = Infallible;
    const SETTINGS: Settings = Settings::new("plain");

    async fn perform(self, context: &Context) -> Result<(), Infallible> {
        note(context, "*");
        Ok(())
    }
}

/// Of a perform: `b` before, `a` after, `(` and `)` around.
fn on_perform(kind: u8) -> Callback {
    match kind {
        0 => Callback::before_any("b", |context| {
            Box::pin(async move {
                note(context, "b");
                Ok(())
            })
        }),
        1 => Callback::after_any("a", |context| {
            Box::pin(async move {
                note(context, "a");
                Ok(())
            })
        }),
        _ => Callback::around_any("r", |context, next| {
            Box::pin(async move {
                note(context, "(");
                next.run().await?;
                note(context, ")");
                Ok(())
            })
        }),
    }
}

/// The same of an enqueue. What runs writes itself into the queue's name.
fn on_enqueue(kind: u8) -> Callback {
    match kind {
        0 => Callback::before_any_enqueue("b", |enqueue| {
            Box::pin(async move {
                enqueue.queue.push('b');
                Ok(())
            })
        }),
        1 => Callback::after_any_enqueue("a", |enqueue| {
            Box::pin(async move {
                enqueue.queue.push('a');
                Ok(())
            })
        }),
        _ => Callback::around_any_enqueue("r", |enqueue, next| {
            Box::pin(async move {
                enqueue.queue.push('(');
                next.run(enqueue).await?;
                enqueue.queue.push(')');
                Ok(())
            })
        }),
    }
}

struct Written;

impl Storing for Written {
    fn store<'a>(&'a self, enqueue: &'a mut JobDraft) -> CallbackFuture<'a, Verdict> {
        Box::pin(async {
            enqueue.queue.push('*');
            Ok(())
        })
    }
}

/// What is written down when the first is outermost.
fn expected(kinds: &[u8]) -> String {
    match kinds.split_first() {
        None => "*".to_owned(),
        Some((0, rest)) => format!("b{}", expected(rest)),
        Some((1, rest)) => format!("{}a", expected(rest)),
        Some((_, rest)) => format!("({})", expected(rest)),
    }
}

/// The defaults, a base's base, a base and the job, each with some of the declarations, the defaults' first.
fn policy(kinds: &[u8], ends: [usize; 3], callback: fn(u8) -> Callback) -> Policy {
    let [first, second, third] = ends;
    let levels = [&kinds[..first], &kinds[first..second], &kinds[second..third], &kinds[third..]];
    let mut lower = Policy::new();
    for level in levels {
        let own = level.iter().fold(Policy::new(), |policy, kind| policy.callback(callback(*kind)));
        lower = own.over(&lower);
    }
    lower
}

fn performed(policy: &Policy) -> String {
    let context = context("null");
    block_on(perform(Plain, &context, policy)).expect("nothing fails here");
    noted(&context).concat()
}

fn enqueued(policy: &Policy) -> String {
    let mut draft = JobDraft::new("plain", "", "null");
    block_on(enqueue(&mut draft, &Plain, policy, &Written)).expect("nothing fails here");
    draft.queue
}

#[test]
fn before_and_around_run_in_order_of_declaration_and_after_in_reverse() {
    for number in 0_u32..3_u32.pow(5) {
        let kinds: Vec<u8> = (0..5).map(|place| u8::try_from(number / 3_u32.pow(place) % 3).unwrap()).collect();
        let expected = expected(&kinds);
        for ends in [[0, 0, 0], [5, 5, 5], [1, 2, 3], [2, 2, 4], [0, 1, 5], [1, 3, 4]] {
            assert_eq!(performed(&policy(&kinds, ends, on_perform)), expected, "{kinds:?} {ends:?}");
            assert_eq!(enqueued(&policy(&kinds, ends, on_enqueue)), expected, "{kinds:?} {ends:?}");
        }
    }
}
