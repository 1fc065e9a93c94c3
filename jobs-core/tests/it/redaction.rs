//! Arguments that are not to be seen are not seen, not in errors either.

use jobs_core::{Context, Failure, Job, Policy, Settings, perform_stored};
use serde::{Deserialize, Serialize};

use crate::setup::{block_on, context_of, execution};

#[derive(Serialize, Deserialize)]
struct Card {
    number: u32,
    holder: u32,
}

#[derive(Serialize, Deserialize)]
struct Secret {
    card: Card,
    order: u32,
}

impl Job for Secret {
    type Output = ();
    type Error = std::fmt::Error;
    const SETTINGS: Settings = Settings::new("secret").redact(&["card"]).version(2);

    async fn perform(self, _: &Context) -> Result<(), std::fmt::Error> {
        Ok(())
    }
}

#[derive(Serialize, Deserialize)]
struct Silent {
    order: u32,
}

impl Job for Silent {
    type Output = ();
    type Error = std::fmt::Error;
    const SETTINGS: Settings = Settings::new("silent").log_arguments(false);

    async fn perform(self, _: &Context) -> Result<(), std::fmt::Error> {
        Ok(())
    }
}

fn failure<J: Job>(arguments: &str, version: u32) -> Failure {
    let mut execution = execution(arguments);
    execution.version = version;
    block_on(perform_stored::<J>(&context_of(execution), &Policy::new())).expect_err("it cannot be read")
}

/// All that is stored of the failure.
fn stored<J: Job>(arguments: &str, version: u32) -> String {
    let record = failure::<J>(arguments, version).record();
    format!("{} {:?}", record.message, record.causes)
}

#[test]
fn an_error_names_the_field_of_a_redacted_argument_and_not_its_value() {
    for version in [1, 2] {
        let words = stored::<Secret>(r#"{"card":{"number":"4111","holder":1},"order":1}"#, version);
        assert!(words.starts_with("the arguments cannot be read: card.number: not what is expected"), "{words}");
        assert!(words.contains("at line 1 column ") && !words.contains("4111"), "{words}");
    }
}

#[test]
fn an_error_in_a_list_of_arguments_shows_nothing_if_any_is_redacted() {
    let words = stored::<Secret>(r#"[{"number":"4111","holder":1},1]"#, 2);
    assert!(words.contains("[0].number: ") && !words.contains("4111"), "{words}");
    assert!(!stored::<Secret>(r#""4111""#, 2).contains("4111"));
}

#[test]
fn an_error_in_an_argument_that_is_not_redacted_is_shown_in_full() {
    let words = stored::<Secret>(r#"{"card":{"number":1,"holder":1},"order":"no"}"#, 2);
    assert!(words.contains(r#"order: invalid type: string "no", expected u32"#), "{words}");
}

#[test]
fn a_missing_field_is_named_also_in_what_is_hidden() {
    assert!(stored::<Secret>(r#"{"card":{"number":1},"order":1}"#, 2).contains("card: missing field `holder`"));
    assert!(stored::<Silent>("{}", 1).contains("missing field `order`"));
}

#[test]
fn an_error_quotes_no_argument_of_a_job_that_logs_none() {
    let words = stored::<Silent>(r#"{"order":"4111"}"#, 1);
    assert!(words.contains("order: not what is expected") && !words.contains("4111"), "{words}");
}

#[test]
fn arguments_are_shown_whole_unless_something_is_said() {
    assert_eq!(Settings::new("job").shown_arguments(r#"{"order":1}"#), r#"{"order":1}"#);
}

#[test]
fn redacted_arguments_are_replaced_and_the_others_shown() {
    let shown = Secret::SETTINGS.shown_arguments(r#"{"card":{"number":4111},"order":1}"#);
    assert_eq!(shown, r#"{"card":"[redacted]","order":1}"#);
}

#[test]
fn arguments_without_names_are_hidden_if_any_is_redacted() {
    for arguments in [r#"[{"number":4111},1]"#, "4111", "nonsense 4111", ""] {
        assert_eq!(Secret::SETTINGS.shown_arguments(arguments), "[hidden]", "{arguments}");
    }
}

#[test]
fn a_job_that_logs_no_arguments_shows_none() {
    assert_eq!(Silent::SETTINGS.shown_arguments(r#"{"order":1}"#), "[hidden]");
}

#[test]
fn what_is_long_is_cut_after_a_thousand_characters() {
    let shown = Settings::new("job").shown_arguments(&"é".repeat(1001));
    assert_eq!(shown, format!("{}…", "é".repeat(1000)));
    assert_eq!(Settings::new("job").shown_arguments(&"é".repeat(1000)).chars().count(), 1000);
}
