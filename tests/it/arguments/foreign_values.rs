//! Values that only other programs understand, as Ruby's: they are kept unchanged, also over a retry.

use std::io;
use std::time::Duration;

use jobs::prelude::*;
use serde_json::{Value, json};

use crate::fixture::{CallLog, Fixture};

#[job(retry_on(io::Error, wait = 1s, attempts = 2, jitter = 0.0))]
async fn pass_on(value: Value, ctx: &Context, calls: &CallLog) -> Result<(), io::Error> {
    calls.add(value.to_string());
    if ctx.attempt() == 1 { Err(io::Error::other("again")) } else { Ok(()) }
}

/// The value arrives unchanged in both attempts, and what is stored stays as it was written.
async fn is_carried(value: Value) {
    let (fixture, calls) = (Fixture::new(), CallLog::default());
    let arguments = json!({ "value": value }).to_string();
    let id = fixture.store_raw("pass_on", &arguments, |_| {}).await;
    let _running = fixture.builder_logging(&calls, jobs::jobs![PassOn]).build().await.unwrap().start().await.unwrap();
    assert_eq!(fixture.wait_after(id, 1).await, Duration::from_secs(1));
    let record = fixture.reaches(id, jobs::State::Finished).await;
    assert_eq!(record.arguments, arguments, "byte for byte");
    assert_eq!(calls.all(), [value.to_string(), value.to_string()]);
}

fn serialized(by: &str, value: &str) -> Value {
    json!({"_aj_serialized": format!("ActiveJob::Serializers::{by}"), "value": value})
}

#[tokio::test]
async fn a_symbol_is_carried_unchanged() {
    is_carried(serialized("SymbolSerializer", "a")).await;
}

#[tokio::test]
async fn names_of_modules_and_classes_are_carried_unchanged() {
    for name in ["Kernel", "Deep::Klass", "String"] {
        is_carried(serialized("ModuleSerializer", name)).await;
    }
}

#[tokio::test]
async fn a_map_with_keys_of_both_kinds_is_carried_with_its_marks() {
    is_carried(json!({"a": 1, "b": 2, "_aj_symbol_keys": ["a"]})).await;
    is_carried(json!({"k": 1, "_aj_ruby2_keywords": ["k"]})).await;
}

#[tokio::test]
async fn an_indifferent_map_is_carried_with_its_flag() {
    let inner = json!({"b": 1, "_aj_hash_with_indifferent_access": true});
    is_carried(json!({"a": inner, "_aj_hash_with_indifferent_access": true})).await;
}

#[tokio::test]
async fn the_form_of_an_unknown_serialiser_is_carried_unchanged() {
    is_carried(json!({"_aj_serialized": "MoneySerializer", "amount": 12, "currency": "EUR"})).await;
}

#[tokio::test]
async fn the_id_of_a_record_is_carried_unchanged_with_another_key_too() {
    is_carried(json!({"_aj_globalid": "gid://shop/User/9"})).await;
    is_carried(json!({"_aj_globalid": "gid://shop/User/9", "more": 1})).await;
}
