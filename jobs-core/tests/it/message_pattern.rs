//! The variable parts of error messages, and the groups that they make.

use jobs_core::{
    ErrorRecord, FailureGrouping, FailureKey, Failures, Filter, JobId, JobRecord, State, Timestamp, contains_text,
    message_pattern,
};
use proptest::prelude::*;

/// Messages that differ in variable parts only, with what is left of them.
#[rustfmt::skip]
const KINDS: &[(&str, &[&str])] = &[
    ("order # not found", &["order 17 not found", "order 4,711.50 not found", "order -3 not found", "order #12 not found"]),
    ("order-#: no stock", &["order-17: no stock", "order-0042: no stock"]),
    ("timed out after #", &["timed out after 250ms", "timed out after 1m 30s", "timed out after 1 second", "timed out after 30 seconds"]),
    ("no job #", &["no job 550e8400-e29b-41d4-a716-446655440000", "no job deadbeefdeadbeef", "no job 01ARZ3NDEKTSV4RRFFQ69G5FAV"]),
    ("user \"…\" is unknown", &["user \"ada\" is unknown", "user \"b \\\" c 3\" is unknown", "user \"\" is unknown"]),
    ("unknown variant `…`, can't read it", &["unknown variant `a`, can't read it", "unknown variant `b's 2`, can't read it"]),
    ("GET <url>: status #", &["GET https://a.example/x?y=1: status 503", "GET http://user:pw@h:80/: status 404"]),
    ("connect to #: refused", &["connect to 10.0.0.1:5432: refused", "connect to 2001:db8::ff00:42:8329: refused", "connect to 0x7ffd: refused"]),
    ("cannot open <path>", &["cannot open /tmp/a b".split_at(18).0, "cannot open C:\\temp\\b.txt", "cannot open ./x", "cannot open src/main.rs:12:3"]),
    ("mail to <address> bounced", &["mail to ada@example.com bounced", "mail to o.b+c@d.example bounced"]),
    ("since # the end", &["since 2026-01-01T00:00:00.5Z the end", "since 12:30 the end", "since Nov 30 2026 the end"]),
    ("ids [#]", &["ids [1]", "ids [1, 2, 3]"]),
    ("names [\"…\"]", &["names [\"a\"]", "names [\"a\", \"b\"]"]),
    ("user_id=#, code=#", &["user_id=3, code=E42", "user_id=17, code=500"]),
    ("read and/or write failed in HTTP/#", &["read  and/or\nwrite failed in HTTP/1.1"]),
];

#[test]
fn messages_that_differ_in_variable_parts_have_one_pattern() {
    for (pattern, messages) in KINDS {
        for message in *messages {
            assert_eq!(message_pattern(message), *pattern, "{message}");
        }
        assert_eq!(message_pattern(pattern), *pattern, "a pattern is its own pattern");
    }
}

proptest! {
    #[test]
    fn a_pattern_has_no_digit_and_is_bounded(message in "\\PC{0,1200}") {
        let pattern = message_pattern(&message);
        prop_assert!(!pattern.contains(char::is_numeric), "{pattern}");
        prop_assert!(pattern.chars().count() <= 241);
    }

    #[test]
    fn numbers_ids_and_quoted_texts_make_no_difference(
        one in any::<(u64, u128)>(), other in any::<(u64, u128)>(), text in "[a-z ]{0,20}",
    ) {
        let message = |(number, id): (u64, u128), text: &str| {
            format!("job {} of {number} items, \"{text}\" in {}.{:03} s", uuid(id), number % 100, id % 1000)
        };
        prop_assert_eq!(message_pattern(&message(one, &text)), message_pattern(&message(other, "x")));
    }
}

fn uuid(number: u128) -> JobId {
    JobId::from_bytes(number.to_be_bytes())
}

fn failed(number: u128, name: &str, message: &str) -> JobRecord {
    let mut job = JobRecord::new(uuid(number), name, "{}");
    let mut error = ErrorRecord::new("shop::Declined", message);
    error.at = Timestamp::from_micros(i64::try_from(number).unwrap_or_default());
    (job.state, job.errors) = (State::Failed, vec![error]);
    job
}

#[test]
fn failures_are_grouped_by_job_class_and_pattern() {
    let jobs = [
        failed(9, "charge", "card 1 declined"),
        failed(5, "charge", "card 2 declined"),
        failed(7, "charge", "no route"),
        failed(6, "refund", "card 3 declined"),
    ];
    let mut grouping = FailureGrouping::default();
    grouping.add(&jobs[..1]);
    grouping.add(&jobs[1..]);
    let failures = grouping.finish(None);
    assert_eq!(failures, Failures::of(&jobs, None), "in parts as at once");
    assert_eq!((failures.read, failures.groups.len()), (4, 3));
    let largest = &failures.groups[0];
    assert_eq!((largest.job.as_str(), largest.pattern.as_str(), largest.count), ("charge", "card # declined", 2));
    assert_eq!((largest.first_at.as_micros(), largest.last_at.as_micros(), largest.last_job), (5, 9, uuid(9)));

    let these = Filter { failure: Some(largest.key), ..Filter::default() };
    let matching: Vec<_> = jobs.iter().filter(|job| these.matches(job)).map(|job| job.id).collect();
    assert_eq!(matching, [uuid(9), uuid(5)], "the key selects exactly the group");
    assert_eq!(largest.key.to_string().parse::<FailureKey>().unwrap(), largest.key);
}

#[test]
fn a_job_in_a_list_is_in_the_same_group_as_the_whole_job() {
    let long = format!("card 1 declined: {}", "é ".repeat(5000));
    let whole = failed(1, "charge", &long);
    let mut listed = whole.clone();
    jobs_core::Content::Summary.reduce(&mut listed);
    assert_ne!(listed.errors, whole.errors);
    assert_eq!(FailureKey::of(&listed), FailureKey::of(&whole));
}

#[test]
fn texts_are_found_without_regard_to_case() {
    for (whole, sought) in [("Gateway", "gateWAY"), ("Straße", "STRAßE"), ("ÜBER", "über"), ("", "")] {
        assert!(contains_text(whole, sought), "{sought}");
    }
    assert!(!contains_text("gate", "gateway"));
}
