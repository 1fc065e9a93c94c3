//! Arguments of other versions, and of the positional form.

use std::error::Error as _;

use jobs_core::{BoxError, Context, Execution, Failure, Job, Performed, Policy, Settings, perform_stored};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::setup::{block_on, context_of, execution, note, noted};

/// Version 1 had cents as `amount`; version 2 calls them `cents`; version 3 has a currency.
#[derive(Serialize, Deserialize)]
struct Charge {
    cents: u64,
    currency: String,
    note: Option<String>,
}

impl Job for Charge {
    type Output = ();
    type Error = std::fmt::Error;
    const SETTINGS: Settings = Settings::new("charge").version(3);

    async fn perform(self, context: &Context) -> Result<(), std::fmt::Error> {
        note(context, &format!("{} {} {:?}", self.cents, self.currency, self.note));
        Ok(())
    }

    fn upgrade(mut arguments: Value, version: u32) -> Result<Value, BoxError> {
        let fields = arguments.as_object_mut().ok_or("not an object")?;
        if version < 2 {
            let amount = fields.remove("amount").ok_or("version 1 without an amount")?;
            fields.insert("cents".to_owned(), amount);
        }
        fields.insert("currency".to_owned(), json!("EUR"));
        Ok(arguments)
    }
}

fn stored(arguments: &str, version: u32) -> Execution {
    let mut execution = execution(arguments);
    execution.version = version;
    execution
}

fn run(arguments: &str, version: u32) -> Result<String, Failure> {
    let context = context_of(stored(arguments, version));
    let performed = block_on(perform_stored::<Charge>(&context, &Policy::new()))?;
    assert_eq!(performed, Performed::Done(()));
    Ok(noted(&context).concat())
}

fn refusal(arguments: &str, version: u32) -> Failure {
    let failure = run(arguments, version).expect_err("it cannot be read");
    assert!(failure.downcast_ref::<jobs_core::DeserializeError>().is_some());
    failure
}

#[test]
fn arguments_of_the_current_version_are_not_upgraded() {
    assert_eq!(run(r#"{"cents":5,"currency":"USD"}"#, 3).unwrap(), "5 USD None");
}

#[test]
fn arguments_of_older_versions_are_brought_up_to_date() {
    assert_eq!(run(r#"{"cents":5}"#, 2).unwrap(), "5 EUR None");
    assert_eq!(run(r#"{"amount":5,"note":"x"}"#, 1).unwrap(), r#"5 EUR Some("x")"#);
}

#[test]
fn arguments_of_a_newer_version_are_refused_with_what_to_do() {
    let failure = refusal(r#"{"cents":5,"currency":"USD"}"#, 4);
    let words = "the arguments are of version 4, this program knows version 3: a newer program wrote them";
    assert!(failure.message().starts_with(words), "{failure}");
}

#[test]
fn an_upgrade_that_fails_says_so_and_keeps_its_error_as_cause() {
    let failure = refusal("{}", 1);
    let words = "the arguments cannot be upgraded from version 1 to 3: version 1 without an amount";
    assert_eq!(failure.message(), words);
    let error = failure.downcast_ref::<jobs_core::DeserializeError>().unwrap();
    assert_eq!(error.source().map(ToString::to_string).as_deref(), Some("version 1 without an amount"));
}

#[test]
fn an_upgrade_to_what_does_not_fit_names_the_field() {
    let failure = refusal(r#"{"amount":"five"}"#, 1);
    assert!(failure.message().starts_with("the arguments cannot be read: cents: invalid type: "), "{failure}");
}

#[test]
fn old_text_that_is_not_json_never_reaches_the_upgrade() {
    assert!(refusal("{", 1).message().starts_with("the arguments cannot be read: EOF "));
}

#[test]
fn a_list_in_the_order_of_the_fields_is_read_too() {
    assert_eq!(run(r#"[5,"USD",null]"#, 3).unwrap(), "5 USD None");
    let failure = refusal("[5,7,null]", 3);
    assert!(failure.message().contains("read: [1]: invalid type: integer `7`, expected a string"), "{failure}");
}

#[test]
fn fields_may_change_their_order_and_an_optional_one_may_be_missing() {
    assert_eq!(run(r#"{"note":"n","currency":"USD","cents":5}"#, 3).unwrap(), r#"5 USD Some("n")"#);
    assert_eq!(run(r#"{"currency":"USD","cents":5}"#, 3).unwrap(), "5 USD None");
}

#[test]
fn a_callback_receives_the_job_in_its_current_version() {
    let see = jobs_core::Callback::before_perform::<Charge>("see", |context, job| {
        Box::pin(async move {
            note(context, &job.currency);
            Ok(())
        })
    });
    let context = context_of(stored(r#"{"cents":5}"#, 2));
    block_on(perform_stored::<Charge>(&context, &Policy::new().callback(see))).unwrap();
    assert_eq!(noted(&context), ["EUR", "5 EUR None"]);
    assert_eq!(context.job::<Charge>().unwrap().currency, "EUR");
}
