//! What rows of Delayed Job say, and rows as Ruby writes them.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on is to stop")]

mod active_job;
mod calls;
mod hostile;
mod properties;
mod rows;
mod samples;
mod scalars;

use jobs_delayed_job::PayloadObject;
use serde_json::Value;

/// The lines of a file of JSON lines.
fn lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The members of a struct whose fields are this YAML.
fn members(fields: &str) -> Value {
    let handler = PayloadObject::read(&format!("--- !ruby/struct:Sample\n{fields}")).unwrap();
    serde_json::from_str(&handler.arguments()).unwrap()
}

/// Why this text is refused.
fn refused(text: &str) -> String {
    let error = PayloadObject::read(text).expect_err("the text is refused");
    assert!(error.is_corrupt(), "{error}");
    error.to_string()
}
