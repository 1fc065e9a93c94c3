//! What travels with a job besides its arguments.

use std::error::Error as _;

use jobs_core::Meta;

const FULL: &str = r#"{"exception_executions":{"any":2},"traceparent":"00-a-b-01","tags":["vip"],"locale":"de"}"#;

#[test]
fn nothing_stored_is_empty_and_empty_stores_nothing() {
    assert_eq!(Meta::parse(None).unwrap(), Meta::default());
    assert_eq!(Meta::parse(Some("{}")).unwrap(), Meta::default());
    assert_eq!(Meta::default().to_text(), None);
}

#[test]
fn known_keys_are_read() {
    let meta = Meta::parse(Some(FULL)).unwrap();
    assert_eq!(meta.exception_executions.get("any"), Some(&2));
    assert_eq!(meta.traceparent.as_deref(), Some("00-a-b-01"));
    assert_eq!(meta.tags, ["vip"]);
    assert_eq!(meta.unknown.len(), 1);
}

#[test]
fn what_is_written_is_read_back() {
    let meta = Meta::parse(Some(FULL)).unwrap();
    assert_eq!(Meta::parse(meta.to_text().as_deref()).unwrap(), meta);
}

#[test]
fn unknown_keys_are_kept_with_values_of_any_type() {
    let text = r#"{"a":null,"b":[1,{"c":-2.5}],"d":"","e":{"f":true},"g":18446744073709551615}"#;
    assert_eq!(Meta::parse(Some(text)).unwrap().to_text().as_deref(), Some(text));
}

#[test]
fn text_that_is_not_meta_is_corrupt_and_has_its_cause() {
    let texts =
        ["", "nonsense", "null", "[]", "7", r#"{"tags":"vip"}"#, r#"{"exception_executions":{"any":-1}}"#, "{\"a\":1"];
    for text in texts {
        let error = Meta::parse(Some(text)).unwrap_err();
        assert!(error.is_corrupt() && !error.is_transient(), "{text}");
        assert!(error.source().is_some(), "{text}");
    }
}

#[test]
fn an_execution_reads_its_own_meta() {
    let mut execution = crate::setup::execution("{}");
    assert_eq!(execution.meta().unwrap(), Meta::default());
    execution.meta = Some(FULL.to_owned());
    assert_eq!(execution.meta().unwrap().tags, ["vip"]);
    execution.meta = Some("nonsense".to_owned());
    assert!(execution.meta().unwrap_err().is_corrupt());
}

#[test]
fn numbers_that_no_machine_type_holds_are_written_back_letter_by_letter() {
    for text in [
        r#"{"n":118446744073709551615}"#,
        r#"{"n":-340282366920938463463374607431768211455}"#,
        r#"{"n":0.30000000000000004}"#,
        r#"{"n":1.1844674407370957e20}"#,
        r#"{"n":[{"m":0.1000000000000000055511151231257827}]}"#,
        r#"{"n":1e400}"#,
        r#"{"carried":{"tenant":118446744073709551615}}"#,
        r#"{"carried":1e400}"#,
    ] {
        let mut now = text.to_owned();
        for _retry in 0..3 {
            let mut meta = Meta::parse(Some(&now)).unwrap();
            meta.exception_executions.insert("any".to_owned(), 1);
            now = meta.to_text().unwrap();
        }
        assert_eq!(now, text.replacen('{', r#"{"exception_executions":{"any":1},"#, 1));
    }
}

#[test]
fn a_value_that_was_changed_is_written_as_it_is_now() {
    let mut meta = Meta::parse(Some(r#"{"n":118446744073709551615,"m":1e400}"#)).unwrap();
    meta.unknown.insert("n".to_owned(), 5.into());
    meta.unknown.remove("m");
    assert_eq!(meta.to_text().as_deref(), Some(r#"{"n":5}"#));
}
