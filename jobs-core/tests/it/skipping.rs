//! Inherited callbacks that a level leaves out.

use jobs_core::callback::Kind;
use jobs_core::{Base, Callback, Context, Definition, Job, Policy, Registry, Settings, perform};
use serde::{Deserialize, Serialize};

use crate::setup::{PaymentError, block_on, context, note, noted};

fn before(name: &'static str) -> Callback {
    Callback::before_any(name, |context| {
        Box::pin(async move {
            note(context, "before");
            Ok(())
        })
    })
}

fn after(name: &'static str) -> Callback {
    Callback::after_any(name, |context| {
        Box::pin(async move {
            note(context, "after");
            Ok(())
        })
    })
}

struct Company;

impl Base for Company {
    const SETTINGS: Settings = Settings::new("Company");

    fn policy() -> Policy {
        Policy::new().callback(before("checks::check")).callback(after("check"))
    }
}

/// Skips one of its own base's.
struct Branch;

impl Base for Branch {
    const SETTINGS: Settings = Settings::new("Branch");

    fn policy() -> Policy {
        Policy::new().inherit::<Company>().skip(Kind::AfterPerform, "check")
    }
}

#[derive(Serialize, Deserialize)]
struct Quiet;

impl Job for Quiet {
    type Output = ();
    type Error = PaymentError;
    const SETTINGS: Settings = Settings::new("quiet");

    async fn perform(self, context: &Context) -> Result<(), PaymentError> {
        note(context, "body");
        Ok(())
    }

    fn policy() -> Policy {
        Policy::new().inherit::<Branch>().skip(Kind::BeforePerform, "trace")
    }
}

fn ran(policy: &Policy) -> String {
    let context = context("null");
    block_on(perform(Quiet, &context, policy)).expect("nothing fails here");
    noted(&context).join(" ")
}

#[test]
fn a_callback_is_skipped_by_its_kind_and_its_whole_name_or_its_last_segment() {
    let company = || Policy::new().inherit::<Company>();
    assert_eq!(ran(&company()), "before body after");
    assert_eq!(ran(&company().skip(Kind::BeforePerform, "check")), "body after");
    assert_eq!(ran(&company().skip(Kind::BeforePerform, "checks::check")), "body after");
    assert_eq!(ran(&company().skip(Kind::AfterPerform, "check")), "before body");
    assert_eq!(ran(&company().skip(Kind::BeforePerform, "ecks::check")), "before body after");
}

#[test]
fn it_does_not_matter_where_among_the_calls_the_skip_stands() {
    let policy = Policy::new().skip(Kind::BeforePerform, "check").inherit::<Company>();
    assert_eq!(ran(&policy), "body after");
}

#[test]
fn a_callback_of_the_own_level_is_not_skipped_and_the_base_keeps_its_own() {
    let policy = Policy::new().inherit::<Company>().skip(Kind::BeforePerform, "check").callback(before("check"));
    assert_eq!(ran(&policy), "before body after");
    assert_eq!(ran(&Policy::new().inherit::<Company>()), "before body after");
    let both = Policy::new().inherit::<Company>().callback(before("check"));
    assert_eq!(ran(&both), "before before body after", "without the skip both run");
}

#[test]
fn what_a_base_skips_is_skipped_for_its_jobs() {
    assert_eq!(ran(&Policy::new().inherit::<Branch>()), "before body");
}

#[test]
fn a_job_may_skip_a_callback_of_the_defaults() {
    let defaults = Policy::new().callback(before("trace"));
    let registry = Registry::of([Definition::of::<Quiet>()], &defaults).unwrap();
    assert_eq!(ran(&registry.get("quiet").unwrap().policy), "before body");
}

#[test]
fn a_skip_of_a_callback_that_is_not_inherited_is_refused_with_the_inherited_ones() {
    let error = Registry::of([Definition::of::<Quiet>()], &Policy::new()).unwrap_err();
    assert!(error.is_invalid(), "{error}");
    assert_eq!(
        error.to_string(),
        "the job `quiet` skips `before_perform(trace)`, which it does not inherit \
         (it inherits before_perform(checks::check))"
    );
}

#[test]
fn with_nothing_of_that_kind_it_says_so() {
    let defaults = Policy::new().callback(before("trace")).skip(Kind::AroundEnqueue, "time");
    let error = Registry::of([Definition::of::<Quiet>()], &defaults).unwrap_err();
    assert!(error.to_string().ends_with("(it inherits nothing of that kind)"), "{error}");
    assert!(error.to_string().contains("`around_enqueue(time)`"), "{error}");
}
