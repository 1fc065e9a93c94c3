//! When a job that still runs is reported as slow.

use std::time::Duration;

use jobs_core::{LEAST_ATTEMPTS, RECENT_ATTEMPTS, RecentDurations, SlowReason, SlowRule};

fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// The times of the first reports, in seconds.
fn reports(rule: SlowRule, most: usize) -> Vec<(u64, SlowReason)> {
    let next = |elapsed: &Duration| rule.next_report(*elapsed).map(|(at, _)| at);
    let elapsed = std::iter::successors(Some(Duration::ZERO), next);
    elapsed.filter_map(|elapsed| rule.next_report(elapsed)).map(|(at, why)| (at.as_secs(), why)).take(most).collect()
}

#[test]
fn a_slow_job_is_reported_at_its_limit_and_each_time_after_twice_as_long() {
    let why = SlowReason::Limit { limit: secs(30) };
    let rule = SlowRule::new(Some(secs(30)), Some(secs(1)), None);
    assert_eq!(reports(rule, 4), [(30, why), (60, why), (120, why), (240, why)]);
}

#[test]
fn without_a_limit_ten_times_the_longest_recent_attempt_is_unusual() {
    let why = SlowReason::Unusual { longest: secs(20) };
    assert_eq!(reports(SlowRule::new(None, Some(secs(20)), None), 2), [(200, why), (400, why)]);
    let why = SlowReason::Unusual { longest: secs(1) };
    assert_eq!(reports(SlowRule::new(None, Some(secs(1)), None), 1), [(60, why)], "no job is unusual before a minute");
}

#[test]
fn a_time_out_is_announced_once_when_most_of_it_is_over_and_nothing_follows() {
    let near = SlowReason::TimeoutNear { timeout: secs(100) };
    assert_eq!(reports(SlowRule::new(None, None, Some(secs(100))), 9), [(80, near)]);
    let slow = SlowReason::Limit { limit: secs(30) };
    let rule = SlowRule::new(Some(secs(30)), None, Some(secs(100)));
    assert_eq!(reports(rule, 9), [(30, slow), (60, slow), (80, near)], "no report comes at or after the time-out");
    assert_eq!(reports(SlowRule::new(None, None, None), 9), []);
}

#[test]
fn limits_of_any_length_are_reported_without_an_overflow() {
    let rule = SlowRule::new(Some(Duration::MAX), None, Some(Duration::MAX));
    assert!(rule.next_report(secs(1)).is_some());
    assert_eq!(SlowRule::new(Some(Duration::MAX), None, None).next_report(Duration::MAX), None);
    let zero = SlowRule::new(Some(Duration::ZERO), None, None);
    assert!(
        zero.next_report(Duration::ZERO).is_some_and(|(at, _)| at > Duration::ZERO),
        "time goes on between reports"
    );
    assert_eq!(SlowRule::new(None, Some(Duration::MAX), Some(Duration::ZERO)).next_report(Duration::ZERO), None);
}

#[test]
fn only_recent_attempts_count_and_too_few_say_nothing() {
    let mut recent = RecentDurations::default();
    recent.record(secs(500));
    for _ in 2..LEAST_ATTEMPTS {
        recent.record(secs(1));
    }
    assert_eq!(recent.longest(), None);
    recent.record(secs(2));
    assert_eq!(recent.longest(), Some(secs(500)));
    for _ in 0..RECENT_ATTEMPTS {
        recent.record(secs(3));
    }
    assert_eq!(recent.longest(), Some(secs(3)));
}
