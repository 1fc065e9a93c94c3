//! All job types of a program, by name.

use jobs_core::{Base, Context, Definition, Job, Matcher, Policy, Registry, RetryPolicy, Rule, Settings};
use serde::{Deserialize, Serialize};

use crate::setup::frozen;

macro_rules! job {
    ($job:ident, $settings:expr) => {
        #[derive(Serialize, Deserialize)]
        struct $job {}

        impl Job for $job {
            type Output = ();
            type Error = std::fmt::Error;
            const SETTINGS: Settings = $settings;

            async fn perform(self, _: &Context) -> Result<(), Self::Error> {
                Ok(())
            }

            fn policy() -> Policy {
                Policy::new().inherit::<Application>()
            }
        }
    };
}

job!(Apple, Settings::new("apple").aliases(&["fruit", "apple"]));
job!(Bread, Settings::new("bread"));
job!(Cake, Settings::new("cake").aliases(&["pie"]));
job!(OtherBread, Settings::new("bread"));
job!(Tart, Settings::new("tart").aliases(&["pie"]));
job!(Roll, Settings::new("roll").aliases(&["bread"]));

struct Application;

impl Base for Application {
    const SETTINGS: Settings = Settings::new("Application");

    fn policy() -> Policy {
        Policy::new().rule(Rule::discard(Matcher::predicate("base", |failure| failure.message() == "frozen")))
    }
}

fn registry(definitions: impl IntoIterator<Item = Definition>) -> Result<Registry, jobs_core::Error> {
    Registry::of(definitions, &Policy::default())
}

fn refusal(definitions: impl IntoIterator<Item = Definition>) -> String {
    let error = registry(definitions).expect_err("it is refused");
    assert!(error.is_invalid());
    error.to_string()
}

#[test]
fn jobs_are_sorted_by_name_in_any_order_of_registration() {
    let registry = registry([Definition::of::<Cake>(), Definition::of::<Apple>(), Definition::of::<Bread>()]).unwrap();
    let names: Vec<_> = registry.iter().map(|known| known.definition.name()).collect();
    assert_eq!(names, ["apple", "bread", "cake"]);
    assert_eq!((registry.len(), registry.is_empty()), (3, false));
}

#[test]
fn a_job_is_found_by_its_name_and_by_each_alias() {
    let registry = registry([Definition::of::<Bread>(), Definition::of::<Apple>(), Definition::of::<Cake>()]).unwrap();
    let found = |name| registry.get(name).map(|known| known.definition.name());
    assert_eq!(found("bread"), Some("bread"));
    assert_eq!(found("fruit"), Some("apple"));
    assert_eq!(found("pie"), Some("cake"));
    assert_eq!(found("Bread"), None);
}

#[test]
fn two_jobs_of_one_name_are_refused_with_both_locations() {
    let one = Definition::of::<Bread>();
    let other = Definition::of::<OtherBread>();
    let words = refusal([one, Definition::of::<Apple>(), other]);
    assert!(words.starts_with("two jobs are named `bread`: one at "), "{words}");
    for place in [one.location(), other.location()] {
        let place = format!("{}:{}", file!(), place.line());
        assert!(words.contains(&place), "{words} does not name {place}");
    }
    assert!(words.contains("`name = \"..\"`"), "{words}");
}

#[test]
fn a_refusal_is_the_same_in_any_order_of_registration() {
    let one = Definition::of::<Bread>();
    let other = Definition::of::<OtherBread>();
    assert_eq!(refusal([one, other]), refusal([other, one]));
}

#[test]
fn the_same_job_twice_is_refused() {
    assert!(refusal([Definition::of::<Bread>(), Definition::of::<Bread>()]).contains("`bread`"));
}

#[test]
fn two_jobs_of_one_alias_are_refused() {
    assert!(refusal([Definition::of::<Cake>(), Definition::of::<Tart>()]).contains("`pie`"));
}

#[test]
fn an_alias_that_is_the_name_of_another_is_refused() {
    assert!(refusal([Definition::of::<Roll>(), Definition::of::<Bread>()]).contains("`bread`"));
}

#[test]
fn an_alias_that_repeats_the_own_name_is_harmless() {
    assert!(registry([Definition::of::<Apple>()]).is_ok());
}

#[test]
fn no_job_at_all_is_refused_with_the_remedy() {
    let words = refusal([]);
    assert!(words.contains("`use my_jobs as _;`") && words.contains("`.register(jobs![..])`"), "{words}");
}

#[test]
fn a_program_without_registered_jobs_is_refused_with_what_to_do() {
    let error = Registry::collect().expect_err("no job is submitted in this program");
    assert!(error.to_string().starts_with("no job is registered"));
}

#[test]
fn each_policy_stands_over_the_defaults() {
    let defaults = Policy::new().rule(Rule::retry(Matcher::any(), RetryPolicy::new()));
    let registry = Registry::of([Definition::of::<Bread>()], &defaults).unwrap();
    let policy = &registry.get("bread").unwrap().policy;
    let answer = |failure| format!("{:?}", policy.rule_for(&failure).unwrap());
    assert_eq!(answer(frozen()), "discard_on(base)");
    assert_eq!(answer(crate::setup::declined(1)), "retry_on(any)");
}
