//! What is written of a job if the store refuses its own decision.

use std::time::Duration;

use jobs_core::plain_text::{ascii, ascii_json};
use jobs_core::{Decision, ErrorRecord, NOT_STORABLE_CLASS, substitutes};

const REASON: &str = "no \u{1f980} here";

fn error() -> ErrorRecord {
    let mut error = ErrorRecord::new("shop::Größe", "crab \u{1f980}\n\0");
    error.causes = vec!["é".repeat(10_000); 40];
    error.attempt = 3;
    error
}

fn retry() -> Decision {
    let meta = Some(r#"{"carried":"北京 🦀"}"#.to_owned());
    Decision::Retry {
        wait: Duration::from_secs(7),
        queue: Some("slow".into()),
        priority: Some(3),
        meta,
        error: error(),
    }
}

/// All texts of a decision.
fn texts(decision: &Decision) -> Vec<&str> {
    let (meta, error) = match decision {
        Decision::Retry { meta, error, .. } | Decision::Fail { meta, error } => (meta.as_deref(), Some(error)),
        Decision::Discard { error } => (None, error.as_ref()),
        Decision::Continue { meta, .. } => (meta.as_deref(), None),
        _ => (None, None),
    };
    let of_error = error.into_iter().flat_map(|error| {
        [error.class.as_str(), error.message.as_str()].into_iter().chain(error.causes.iter().map(String::as_str))
    });
    meta.into_iter().chain(of_error).collect()
}

#[test]
fn a_retry_is_first_tried_with_the_same_effect_and_texts_that_every_store_holds() {
    let substitutes = substitutes(&retry(), REASON, None);
    let Decision::Retry { wait, queue, priority, meta, error } = &substitutes[0] else { panic!("{substitutes:?}") };
    assert_eq!((wait.as_secs(), queue.as_deref(), *priority), (7, Some("slow"), Some(3)));
    assert_eq!(meta.as_deref(), Some(r#"{"carried":"\u5317\u4eac \ud83e\udd80"}"#));
    assert_eq!((error.class.as_str(), error.attempt), ("shop::Gr\\u{f6}\\u{df}e", 3));
    assert!(
        error.message.starts_with("crab \\u{1f980}\\n\\u{0} (the text of this error was escaped"),
        "{}",
        error.message
    );
    for text in substitutes.iter().flat_map(texts) {
        assert!(text.is_ascii() && !text.contains('\0') && text.len() < 8 * 1024, "{text}");
    }
}

#[test]
fn what_cannot_be_written_at_all_fails_with_the_reason_and_the_meta_that_is_stored() {
    let meta = Some(r#"{"tags":["a"]}"#.to_owned());
    for decision in [retry(), Decision::Finish { keep: true }, Decision::Discard { error: None }] {
        let last = substitutes(&decision, REASON, meta.clone()).pop().unwrap();
        let Decision::Fail { meta: kept, error } = last else { panic!("{decision:?}") };
        assert_eq!((kept, error.class.as_str()), (meta.clone(), NOT_STORABLE_CLASS));
        assert!(error.message.contains("no \\u{1f980} here"), "{}", error.message);
    }
}

#[test]
fn an_execution_that_has_not_ended_does_not_fail() {
    assert!(substitutes(&Decision::Release, REASON, None).is_empty());
    let put_off = Decision::Continue { wait: Duration::ZERO, meta: Some(r#""é""#.to_owned()) };
    let expected = Decision::Continue { wait: Duration::ZERO, meta: Some(r#""\u00e9""#.to_owned()) };
    assert_eq!(substitutes(&put_off, REASON, None), [expected]);
}

#[test]
fn escaped_json_means_the_same() {
    let json = r#"{"é":["北京","🦀\n\u0000"],"n":1e3}"#;
    let read = |json: &str| serde_json::from_str::<serde_json::Value>(json).unwrap();
    assert!(ascii_json(json).is_ascii());
    assert_eq!(read(&ascii_json(json)), read(json));
    assert_eq!(ascii("a\t\u{7f}\"\\é"), "a\\t\\u{7f}\"\\\\u{e9}");
}
