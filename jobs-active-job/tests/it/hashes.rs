//! Hashes and their marks.

use jobs_active_job::{Hash, HashKind, Rails, Value};

fn hash(text: &str) -> Hash {
    let value = Value::parse(text).unwrap();
    assert_eq!(value.to_json(Rails::default()).unwrap(), text);
    match value {
        Value::Hash(hash) => hash,
        other => panic!("{other:?}"),
    }
}

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|&name| name.to_owned()).collect()
}

#[test]
fn symbol_and_text_keys_are_told_apart() {
    assert_eq!(hash(r#"{"a":1,"b":2,"_aj_symbol_keys":["a"]}"#).kind, HashKind::Keys(names(&["a"])));
    assert_eq!(hash(r#"{"a":1,"_aj_symbol_keys":[]}"#).kind, HashKind::Keys(vec![]));
    assert_eq!(hash(r#"{"_aj_symbol_keys":[]}"#).entries.len(), 0);
}

#[test]
fn keywords_and_indifferent_hashes_are_kept() {
    assert_eq!(hash(r#"{"k":1,"_aj_ruby2_keywords":["k"]}"#).kind, HashKind::Keywords(names(&["k"])));
    let nested = r#"{"a":{"b":1,"_aj_hash_with_indifferent_access":true},"_aj_hash_with_indifferent_access":true}"#;
    let hash = hash(nested);
    assert_eq!(hash.kind, HashKind::Indifferent);
    assert!(matches!(hash.get("a"), Some(Value::Hash(inner)) if inner.kind == HashKind::Indifferent));
}

#[test]
fn a_hash_without_a_mark_has_text_keys() {
    assert_eq!(hash(r#"{"a":1}"#).kind, HashKind::Unmarked);
    assert_eq!(hash("{}").kind, HashKind::Unmarked);
}

#[test]
fn with_both_lists_of_keys_the_symbols_count_and_the_other_is_a_key() {
    let both = hash(r#"{"a":1,"_aj_ruby2_keywords":["a"],"_aj_symbol_keys":[]}"#);
    assert_eq!(both.kind, HashKind::Keys(vec![]));
    assert!(both.get("_aj_ruby2_keywords").is_some());
}

#[test]
fn a_mark_that_is_no_mark_is_an_ordinary_key() {
    let falsy = hash(r#"{"_aj_hash_with_indifferent_access":false,"a":1}"#);
    assert_eq!((falsy.kind, falsy.entries.len()), (HashKind::Unmarked, 2));
}

#[test]
fn the_nested_arguments_of_a_mail_job_are_kept() {
    let text = r#"["UserMailer","welcome","deliver_now",{"args":[{"_aj_globalid":"gid://shop/User/7"},{"locale_hint":"de","_aj_ruby2_keywords":["locale_hint"]}],"_aj_ruby2_keywords":["args"]}]"#;
    assert_eq!(Value::parse(text).unwrap().to_json(Rails::default()).unwrap(), text);
}
