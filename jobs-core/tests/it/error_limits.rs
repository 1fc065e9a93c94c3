//! How much of the errors of a job is kept.

use std::borrow::Cow;

use jobs_core::error_limits::{CAUSE_BYTES, CAUSES, CLASS_BYTES, FIRST_ERRORS, LAST_ERRORS, MESSAGE_BYTES};
use jobs_core::{Content, ErrorRecord, JobId, JobRecord};

#[test]
fn an_error_within_the_limits_is_kept_as_it_is() {
    let mut error = ErrorRecord::new("c".repeat(CLASS_BYTES), "m".repeat(MESSAGE_BYTES));
    error.causes = vec!["x".repeat(CAUSE_BYTES); CAUSES];
    assert!(matches!(error.bounded(), Cow::Borrowed(_)));
}

#[test]
fn longer_texts_are_cut_between_characters_with_a_mark_and_once_only() {
    for sign in ["x", "é", "🦀"] {
        let mut error = ErrorRecord::new(sign.repeat(CLASS_BYTES + 1), sign.repeat(MESSAGE_BYTES + 1));
        error.causes = (1..=CAUSES + 5).map(|number| format!("{number} {}", sign.repeat(CAUSE_BYTES))).collect();
        let bounded = error.bounded().into_owned();
        assert!(bounded.class.len() <= CLASS_BYTES && bounded.message.len() <= MESSAGE_BYTES);
        assert!(bounded.message.starts_with(sign) && bounded.message.ends_with("… (the rest was cut off)"));
        assert!(bounded.causes.len() == CAUSES && bounded.causes.iter().all(|cause| cause.len() <= CAUSE_BYTES));
        assert!(bounded.causes[0].starts_with("1 ") && bounded.causes[CAUSES - 1].starts_with("15 "));
        assert_eq!(bounded.causes[CAUSES - 2], "… (6 causes were left out)");
        assert!(matches!(bounded.bounded(), Cow::Borrowed(_)), "it is not cut again");
    }
}

#[test]
fn the_first_and_the_last_errors_are_kept() {
    let mut errors = Vec::new();
    for number in 1..=1000 {
        let mut error = ErrorRecord::new("shop::Away", "no answer");
        error.attempt = number;
        error.append_to(&mut errors);
        let expected = usize::try_from(number).unwrap().min(FIRST_ERRORS + LAST_ERRORS);
        assert_eq!(errors.len(), expected);
    }
    let attempts: Vec<u32> = errors.iter().map(|error| error.attempt).collect();
    assert_eq!(attempts, (1..=5).chain(956..=1000).collect::<Vec<_>>());
}

#[test]
fn a_summary_has_no_arguments_and_the_start_of_the_last_error() {
    let mut job = JobRecord::new(JobId::from_bytes([1; 16]), "greet", r#"{"to":"Ada"}"#);
    job.meta = Some("{}".to_owned());
    job.errors = vec![ErrorRecord::new("a", "first"), ErrorRecord::new("b", "é".repeat(2000))];
    let reduced = |content: Content| {
        let mut job = job.clone();
        content.reduce(&mut job);
        job
    };
    assert_eq!(reduced(Content::Whole), job);
    let summary = reduced(Content::Summary);
    assert_eq!((summary.arguments.as_str(), summary.meta, summary.errors.len()), ("", None, 1));
    assert!(summary.errors[0].message.len() <= 1024 && summary.errors[0].class == "b");
    assert_eq!(reduced(Content::SummaryWithArguments).arguments, job.arguments);
}
