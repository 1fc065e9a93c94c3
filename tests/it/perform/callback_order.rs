//! All six kinds of callbacks over a job, its base, its base's base and the defaults, in one table.
#![expect(clippy::unit_arg, reason = "a manual callback is written as the macro writes it")]

use std::io;
use std::sync::LazyLock;

use jobs::callback::{Callback, JobDraft, Next, NextEnqueue};
use jobs::callback::{told, verdict};
use jobs::policy::Policy;
use jobs::prelude::*;

use crate::fixture::{CallLog, Fixture};

static NOTES: LazyLock<CallLog> = LazyLock::new(CallLog::default);

fn log_call(words: impl Into<String>) {
    NOTES.add(words);
}

/// Callbacks of one level that know no job.
macro_rules! level {
    ($level:ident) => {
        mod $level {
            use super::*;

            pub(super) fn before(_: &Context) {
                log_call(concat!(stringify!($level), " before"));
            }
            pub(super) async fn around(_: &Context, next: Next<'_>) -> Result<(), Failure> {
                log_call(concat!(stringify!($level), " ("));
                let result = next.run().await;
                log_call(concat!(stringify!($level), " )"));
                result
            }
            pub(super) async fn after(_: &Context) {
                log_call(concat!(stringify!($level), " after"));
            }
            pub(super) async fn before_storing(_: &mut JobDraft) {
                log_call(concat!(stringify!($level), " before"));
            }
            pub(super) async fn around_storing(enqueue: &mut JobDraft, next: NextEnqueue<'_>) -> Result<(), Failure> {
                log_call(concat!(stringify!($level), " ("));
                let result = next.run(enqueue).await;
                log_call(concat!(stringify!($level), " )"));
                result
            }
            pub(super) fn after_storing(_: &mut JobDraft) {
                log_call(concat!(stringify!($level), " after"));
            }
        }
    };
}

level!(all);
level!(company);
level!(shop);

fn defaults() -> Policy {
    Policy::new()
        .callback(Callback::after_any("after", |ctx| verdict(all::after(ctx))))
        .callback(Callback::before_any("before", |ctx| verdict(all::before(ctx))))
        .callback(Callback::around_any("around", |ctx, next| told(all::around(ctx, next))))
        .callback(Callback::around_any_enqueue("around", |draft, next| told(all::around_storing(draft, next))))
        .callback(Callback::after_any_enqueue("after", |draft| verdict(all::after_storing(draft))))
        .callback(Callback::before_any_enqueue("before", |draft| verdict(all::before_storing(draft))))
}

#[jobs::base(
    around_perform(company::around),
    after_perform(company::after),
    before_perform(company::before),
    before_enqueue(company::before_storing),
    after_enqueue(company::after_storing),
    around_enqueue(company::around_storing)
)]
struct Company;

#[jobs::base(
    base = Company,
    before_perform(shop::before),
    after_perform(shop::after),
    around_perform(shop::around),
    after_enqueue(shop::after_storing),
    around_enqueue(shop::around_storing),
    before_enqueue(shop::before_storing),
)]
struct Shop;

/// Has no settings of its own.
#[job(base = Shop)]
async fn inherit() -> Result<(), io::Error> {
    log_call("body");
    Ok(())
}

/// Mixed as in the example of Active Job's guide.
#[job(
    base = Shop,
    before_perform(one::before, two::before),
    after_perform(one::after, two::after),
    around_perform(one::around, two::around),
    before_perform(three::before),
    after_perform(three::after),
    before_enqueue(one::before_storing, two::before_storing),
    after_enqueue(one::after_storing, two::after_storing),
    around_enqueue(one::around_storing, two::around_storing),
    before_enqueue(three::before_storing),
    after_enqueue(three::after_storing),
)]
async fn mix() -> Result<(), io::Error> {
    log_call("body");
    Ok(())
}

/// Callbacks of one job.
macro_rules! own {
    ($name:ident) => {
        mod $name {
            use super::*;

            pub(super) async fn before(_: &Context, _: &Mix) {
                log_call(concat!(stringify!($name), " before"));
            }
            pub(super) fn after(_: &Context, _: &Mix) {
                log_call(concat!(stringify!($name), " after"));
            }
            pub(super) fn before_storing(_: &mut JobDraft, _: &Mix) {
                log_call(concat!(stringify!($name), " before"));
            }
            pub(super) async fn after_storing(_: &mut JobDraft, _: &Mix) {
                log_call(concat!(stringify!($name), " after"));
            }
            #[allow(dead_code)]
            pub(super) async fn around(_: &Context, _: &Mix, next: Next<'_>) -> Result<(), Failure> {
                log_call(concat!(stringify!($name), " ("));
                let result = next.run().await;
                log_call(concat!(stringify!($name), " )"));
                result
            }
            #[allow(dead_code)]
            pub(super) async fn around_storing(
                enqueue: &mut JobDraft,
                _: &Mix,
                next: NextEnqueue<'_>,
            ) -> Result<(), Failure> {
                log_call(concat!(stringify!($name), " ("));
                let result = next.run(enqueue).await;
                log_call(concat!(stringify!($name), " )"));
                result
            }
        }
    };
}

own!(one);
own!(two);
own!(three);

/// Skips callbacks of the levels below, one of each kind.
#[job(
    base = Shop,
    skip(before_perform(shop::before), around_perform(company::around), after_perform(after)),
    skip(around_enqueue(around_storing), before_enqueue(before), after_enqueue(shop::after_storing)),
)]
async fn skip_some() -> Result<(), io::Error> {
    log_call("body");
    Ok(())
}

/// What is written when a job is enqueued, and when it is performed.
const TABLE: [(&str, &str, &str); 3] = [
    (
        "inherit",
        "all ( | all before | company before | company ( | shop ( | shop before | STORED | shop ) | shop after \
         | company ) | company after | all after | all )",
        "all before | all ( | company ( | company before | shop before | shop ( | body | shop ) | shop after \
         | company after | company ) | all ) | all after",
    ),
    (
        "mix",
        "all ( | all before | company before | company ( | shop ( | shop before | one before | two before | one ( \
         | two ( | three before | STORED | three after | two ) | one ) | two after | one after | shop ) | shop after \
         | company ) | company after | all after | all )",
        "all before | all ( | company ( | company before | shop before | shop ( | one before | two before | one ( \
         | two ( | three before | body | three after | two ) | one ) | two after | one after | shop ) | shop after \
         | company after | company ) | all ) | all after",
    ),
    (
        "skip_some",
        "all ( | company before | shop before | STORED | company after | all after | all )",
        "all before | all ( | company before | shop ( | body | shop ) | all )",
    ),
];

/// The lines since the last call.
fn since(seen: &mut usize) -> Vec<String> {
    let all = NOTES.all();
    let new = all.get(*seen..).unwrap_or_default().to_vec();
    *seen = all.len();
    new
}

#[tokio::test]
async fn six_kinds_over_four_levels_nest_as_the_table_says() {
    let fixture = Fixture::new();
    let builder = fixture.builder(jobs::jobs![Inherit, Mix, SkipSome]).defaults(defaults());
    // The store call is in the middle of the enqueue callbacks.
    let builder = builder.watch(|event| {
        if event.name() == "enqueue" {
            log_call("STORED");
        }
    });
    let running = builder.build().await.unwrap();
    let jobs = running.client();
    let mut seen = 0;
    for (name, enqueued, performed) in TABLE {
        match name {
            "inherit" => Inherit::perform_later().on(&jobs).await.unwrap(),
            "mix" => Mix::perform_later().on(&jobs).await.unwrap(),
            _ => SkipSome::perform_later().on(&jobs).await.unwrap(),
        };
        assert_eq!(since(&mut seen).join(" | "), enqueued, "{name} is enqueued");
        match name {
            "inherit" => Inherit::perform_now().on(&jobs).await.unwrap(),
            "mix" => Mix::perform_now().on(&jobs).await.unwrap(),
            _ => SkipSome::perform_now().on(&jobs).await.unwrap(),
        }
        assert_eq!(since(&mut seen).join(" | "), performed, "{name} is performed here");
    }
    let running = running.start().await.unwrap();
    running.drained().await.unwrap();
    let all: usize = TABLE.iter().map(|(_, _, performed)| performed.split(" | ").count()).sum();
    assert_eq!(since(&mut seen).len(), all, "the worker ran the same ones");
}

#[tokio::test]
async fn a_skip_of_a_callback_that_is_not_inherited_is_an_error_at_build() {
    let fixture = Fixture::new();
    let error = fixture.builder(jobs::jobs![Inherit, SkipSome]).build().await.unwrap_err();
    let words = error.to_string();
    assert!(error.is_invalid(), "{words}");
    assert!(words.contains("the job `skip_some` skips `before_enqueue(before)`, which it does not inherit"), "{words}");
    assert!(words.contains("(it inherits before_enqueue(company::before_storing, shop::before_storing))"), "{words}");
    assert!(!words.contains("`inherit`"), "{words}");
}
