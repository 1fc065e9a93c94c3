//! Lists of arguments and named fields.

use jobs_active_job::{Rails, arguments_of, from_ruby, to_ruby};
use jobs_core::{JobId, NewJob, Signature};

const SIGNATURE: Signature = Signature::new(&["user_id", "template"]).keywords(&["message", "force"]);

fn written(stored: &str) -> String {
    to_ruby(stored, Some(&SIGNATURE), Rails::default()).unwrap()
}

#[test]
fn fields_become_a_list_in_the_order_of_the_signature_and_keywords() {
    assert_eq!(
        written(r#"{"message":"Hi","template":"welcome","user_id":7}"#),
        r#"[7,"welcome",{"message":"Hi","_aj_ruby2_keywords":["message"]}]"#
    );
    assert_eq!(written(r#"{"user_id":7,"template":"welcome"}"#), r#"[7,"welcome"]"#);
    assert_eq!(written("{}"), "[]");
}

#[test]
fn a_missing_argument_is_nil_only_if_a_later_one_is_given() {
    assert_eq!(written(r#"{"template":"welcome"}"#), r#"[null,"welcome"]"#);
    assert_eq!(written(r#"{"user_id":7}"#), "[7]");
    assert_eq!(written(r#"{"force":null}"#), r#"[{"force":null,"_aj_ruby2_keywords":["force"]}]"#);
}

#[test]
fn fields_that_the_signature_does_not_have_are_keywords() {
    assert_eq!(written(r#"{"user_id":7,"other":1}"#), r#"[7,{"other":1,"_aj_ruby2_keywords":["other"]}]"#);
}

#[test]
fn without_a_signature_fields_are_positional_and_lists_stay_lists() {
    assert_eq!(to_ruby(r#"{"b":1.50,"a":"x"}"#, None, Rails::default()).unwrap(), r#"[1.50,"x"]"#);
    assert_eq!(to_ruby(r#"[1,{"a":2}]"#, None, Rails::default()).unwrap(), r#"[1,{"a":2,"_aj_symbol_keys":[]}]"#);
}

#[test]
fn every_level_of_nested_hashes_is_marked_as_ruby_does() {
    assert_eq!(
        written(r#"{"user_id":{"a":[{"b":{}}]}}"#),
        r#"[{"a":[{"b":{"_aj_symbol_keys":[]},"_aj_symbol_keys":[]}],"_aj_symbol_keys":[]}]"#
    );
}

#[test]
fn a_key_of_a_user_that_active_job_reserves_is_refused() {
    for stored in [
        r#"{"user_id":{"_aj_mine":1}}"#,
        r#"{"user_id":{"_aj_globalid":"gid://shop/Admin/1","more":1}}"#,
        r#"{"user_id":[[{"_aj_symbol_keys":[],"_aj_ruby2_keywords":[]}]]}"#,
        r#"{"user_id":{"\u005faj_mine":1}}"#,
        r#"{"_aj_mine":1}"#,
    ] {
        let error = to_ruby(stored, Some(&SIGNATURE), Rails::default()).unwrap_err();
        assert!(error.is_invalid() && error.to_string().contains("begins with `_aj_`"), "{stored}: {error}");
    }
}

#[test]
fn a_job_with_a_key_of_a_user_that_means_a_record_in_ruby_is_refused() {
    let mut job =
        NewJob::new(JobId::from_bytes([0; 16]), "email", r#"{"user_id":{"_aj_globalid":"gid://shop/Admin/1"}}"#);
    assert!(arguments_of(&job, Rails::default()).is_ok(), "a type of Ruby wrote it");
    job.reserved_key = Some("_aj_globalid".to_owned());
    let error = arguments_of(&job, Rails::default()).unwrap_err();
    let words = "the arguments of `email` cannot be stored: the key `_aj_globalid` begins with `_aj_`";
    assert!(error.is_invalid() && error.to_string().starts_with(words), "{error}");
}

#[test]
fn arguments_without_marks_are_read_as_they_are() {
    let text = r#" [1, 2.50, "a"]"#;
    assert_eq!(from_ruby(text).unwrap(), text);
}

#[test]
fn marks_are_removed_at_every_level_but_that_of_the_keywords() {
    let ruby = r#"[{"a":{"b":[1],"_aj_symbol_keys":["b"]},"_aj_symbol_keys":[]},{"k":{"_aj_symbol_keys":[]},"_aj_ruby2_keywords":["k"]}]"#;
    assert_eq!(from_ruby(ruby).unwrap(), r#"[{"a":{"b":[1]}},{"k":{},"_aj_ruby2_keywords":["k"]}]"#);
    assert_eq!(from_ruby(r#"[{"_aj_ruby2_keywords":[]}]"#).unwrap(), r#"[{"_aj_ruby2_keywords":[]}]"#);
    assert_eq!(from_ruby(r#"[{"k":1,"_aj_ruby2_keywords":["k"]},2]"#).unwrap(), r#"[{"k":1},2]"#);
}

#[test]
fn marks_whose_names_are_written_with_escapes_are_marks() {
    assert_eq!(from_ruby(r#"[{"a":1,"\u005faj_symbol_keys":["a"]}]"#).unwrap(), r#"[{"a":1}]"#);
}

#[test]
fn arguments_that_are_no_list_are_refused() {
    for text in ["{}", "null", "7", "", "[1", r#"{"_aj_symbol_keys":[]}"#] {
        assert!(from_ruby(text).is_err_and(|error| error.is_corrupt()) || text == "[1", "{text}");
        assert!(to_ruby(text, None, Rails::default()).is_err() || text.starts_with('{'), "{text}");
    }
}
