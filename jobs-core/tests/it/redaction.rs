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
        assert!(words.starts_with("the arguments cannot be read: card: not what is expected"), "{words}");
        assert!(words.contains("at line 1 column ") && !words.contains("4111"), "{words}");
    }
}

#[test]
fn an_error_in_a_list_of_arguments_shows_nothing_if_any_is_redacted() {
    let words = stored::<Secret>(r#"[{"number":"4111","holder":1},1]"#, 2);
    assert!(words.contains("cannot be read: not what is expected") && !words.contains("4111"), "{words}");
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

/// As `#[job]` writes it for `#[serde(rename = "creditCard", alias = "cc")] card` and a flattened value.
const RENAMED: Settings = Settings::new("renamed").redact(&["creditCard", "cc"]).redact_except(&["order"]).version(2);

#[test]
fn each_key_of_a_redacted_argument_is_replaced_and_so_is_a_key_of_no_argument() {
    for key in ["creditCard", "cc", "card", "CC", "", "c\\u0063"] {
        let shown = RENAMED.shown_arguments(&format!(r#"{{"order":1,"{key}":"4111"}}"#));
        assert!(shown.contains(r#""order":1"#) && !shown.contains("4111"), "{key}: {shown}");
        assert!(shown.contains("[redacted]"), "{key}: {shown}");
    }
}

#[test]
fn a_key_that_is_given_twice_shows_neither_value() {
    let shown = RENAMED.shown_arguments(r#"{"order":1,"order":"4111"}"#);
    assert_eq!(shown, r#"{"order":"[redacted]"}"#);
}

#[test]
fn arguments_of_another_version_are_hidden_if_any_is_redacted() {
    for version in [1, 3] {
        assert_eq!(RENAMED.of_version(version).shown_arguments(r#"{"order":{"card":"4111"}}"#), "[hidden]");
    }
    assert_eq!(RENAMED.of_version(2).shown_arguments(r#"{"order":1}"#), r#"{"order":1}"#);
    assert_eq!(Settings::new("job").of_version(7).shown_arguments(r#"{"order":1}"#), r#"{"order":1}"#);
}

#[test]
fn numbers_beside_a_redacted_argument_are_shown_as_they_are_stored() {
    let shown = RENAMED.shown_arguments(r#"{"order":118446744073709551615,"cc":1}"#);
    assert_eq!(shown, r#"{"cc":"[redacted]","order":118446744073709551615}"#);
}

/// Its card had another name once, and its upgrade quotes what it does not understand.
#[derive(Serialize, Deserialize)]
struct Upgraded {
    card: u32,
}

impl Job for Upgraded {
    type Output = ();
    type Error = std::fmt::Error;
    const SETTINGS: Settings = Settings::new("upgraded").redact(&["card"]).redact_except(&[]).version(2);

    async fn perform(self, _: &Context) -> Result<(), std::fmt::Error> {
        Ok(())
    }

    fn upgrade(arguments: serde_json::Value, _: u32) -> Result<serde_json::Value, jobs_core::BoxError> {
        Err(format!("what is {arguments}?").into())
    }
}

#[test]
fn an_error_of_an_upgrade_is_not_shown_if_an_argument_is_redacted() {
    let words = stored::<Upgraded>(r#"{"cc":"4111"}"#, 1);
    assert!(words.contains("cannot be upgraded from version 1 to 2") && !words.contains("4111"), "{words}");
}

/// A map takes the place of the argument, so that its keys are data.
#[derive(Serialize, Deserialize)]
struct Flat {
    #[serde(flatten)]
    pins: std::collections::BTreeMap<String, u32>,
}

impl Job for Flat {
    type Output = ();
    type Error = std::fmt::Error;
    const SETTINGS: Settings = Settings::new("flat").redact(&["pins"]).redact_except(&[]);

    async fn perform(self, _: &Context) -> Result<(), std::fmt::Error> {
        Ok(())
    }
}

#[test]
fn an_error_in_a_flattened_argument_shows_neither_key_nor_value() {
    let words = stored::<Flat>(r#"{"4111":"4222"}"#, 1);
    assert!(!words.contains("4111") && !words.contains("4222"), "{words}");
}

#[test]
fn debug_of_a_record_leaves_its_arguments_and_metadata_out() {
    let (arguments, meta) = (r#"{"card":"4111"}"#, Some(r#"{"carried":{"token":"4111"}}"#.to_owned()));
    let (id, draft) = (execution(arguments).id(), jobs_core::JobDraft::new("pay", "q", arguments));
    let mut new = jobs_core::NewJob::new(id, "pay", arguments);
    new.meta.clone_from(&meta);
    let mut record = jobs_core::JobRecord::new(id, "pay", arguments);
    record.meta.clone_from(&meta);
    let mut claimed = execution(arguments);
    claimed.meta = meta;
    let by = jobs_core::UniqueBy::value(&"4111");
    for words in [
        format!("{draft:?}"),
        format!("{new:?}"),
        format!("{record:?}"),
        format!("{claimed:?}"),
        format!("{by:?}"),
        format!("{:?}", context_of(claimed)),
    ] {
        assert!(!words.contains("4111"), "{words}");
    }
}

/// Its redacted argument is stored under a key that looks like a field of the other.
#[derive(Serialize, Deserialize)]
struct Dotted {
    card: u32,
    #[serde(rename = "card.number")]
    secret: u32,
}

impl Job for Dotted {
    type Output = ();
    type Error = std::fmt::Error;
    const SETTINGS: Settings = Settings::new("dotted").redact(&["card.number"]).redact_except(&["card"]);

    async fn perform(self, _: &Context) -> Result<(), std::fmt::Error> {
        Ok(())
    }
}

#[test]
fn an_error_does_not_quote_a_redacted_argument_with_a_dot_in_its_key() {
    let words = stored::<Dotted>(r#"{"card":1,"card.number":"4111"}"#, 1);
    assert!(words.contains("not to be shown") && !words.contains("4111"), "{words}");
    assert!(stored::<Dotted>(r#"{"card":"4111","card.number":1}"#, 1).contains("4111"), "only the other is redacted");
}

#[test]
fn debug_of_a_recurring_task_shows_no_arguments() {
    let mut task = jobs_core::RecurringTask::new("nightly", "pay", "0 2 * * *");
    task.arguments = r#"{"card":"4111"}"#.to_owned();
    let shown = format!("{task:?}");
    assert!(shown.contains("nightly") && !shown.contains("4111"), "{shown}");
}
