//! Which jobs a filter selects, and how many of them a page reads.

use jobs_core::{ErrorRecord, Filter, JobId, JobRecord, Period, ProcessId, State, Timestamp};

fn id(number: u128) -> JobId {
    JobId::from_bytes(number.to_be_bytes())
}

fn job() -> JobRecord {
    JobRecord::new(id(7), "greet", r#"{"to":"Ada"}"#)
}

fn means(change: impl FnOnce(&mut Filter)) -> bool {
    let mut filter = Filter::default();
    change(&mut filter);
    filter.matches(&job())
}

#[test]
fn each_word_of_a_filter_keeps_other_jobs_out() {
    assert!(means(|_| {}), "an empty filter means all");
    assert!(means(|filter| filter.state = Some(State::Ready)) && !means(|filter| filter.state = Some(State::Failed)));
    assert!(means(|filter| filter.name = Some("greet".into())) && !means(|filter| filter.name = Some("gre".into())));
    assert!(means(|it| it.queue = Some("default".into())) && !means(|it| it.queue = Some("mail".into())));
    assert!(means(|it| it.text = Some("aDA".into())) && !means(|it| it.text = Some("Eve".into())));
    assert!(means(|it| it.text = Some("0000-000000000007".into())), "a part of the id");
    assert!(!means(|it| it.claimed_by = Some(ProcessId::new(1))), "nobody holds it");
    assert!(!means(|it| it.error = Some(String::new())), "it has no error, not even an empty one");
    assert!(!means(|it| it.done = Period::since(Timestamp::from_micros(i64::MIN))), "it is not done");
}

#[test]
fn only_the_last_error_is_searched() {
    let mut job = job();
    job.errors = vec![ErrorRecord::new("shop::Away", "no answer"), ErrorRecord::new("shop::Refused", "too late")];
    let error = |text: &str| Filter { error: Some(text.to_owned()), ..Filter::default() };
    assert!(error("Refused").matches(&job) && error("too late").matches(&job));
    assert!(!error("Away").matches(&job) && !error("no answer").matches(&job));
}

#[test]
fn the_window_is_never_smaller_than_the_page() {
    assert_eq!((Filter::default().page_size(), Filter::default().window_size()), (100, 20_000));
    assert_eq!(Filter { limit: 50, window: 10, ..Filter::default() }.window_size(), 50);
    assert_eq!(Filter { limit: usize::MAX, ..Filter::default() }.window_size(), usize::MAX);
}

#[test]
fn only_a_state_and_a_range_of_ids_are_plain() {
    assert!(Filter { after: Some(id(1).into()), ..Filter::state(State::Failed) }.newest_first().is_plain());
    assert!(!Filter { due: Period::until(Timestamp::default()), ..Filter::default() }.is_plain());
    assert!(!Filter { text: Some(String::new()), ..Filter::default() }.is_plain());
}
