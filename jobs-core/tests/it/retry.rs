//! How long to wait, and how often.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use jobs_core::retry::{DEFAULT_WAIT, wait};
use jobs_core::{Attempts, DEFAULT_JITTER, Failure, LONGEST_WAIT, Panic, RetryPolicy, Wait};

use crate::setup::{PaymentError, declined, frozen, gateway};

const HALF: u64 = 1 << 63;

fn seconds(number: u64) -> Duration {
    Duration::from_secs(number)
}

fn exact(wait: impl Into<Wait>) -> RetryPolicy {
    RetryPolicy::new().wait(wait).attempts(Attempts::Unlimited).jitter(0.0)
}

fn wait_at(policy: &RetryPolicy, count: u32, chance: u64) -> Duration {
    policy.next_wait(count, &frozen(), chance).expect("there is another attempt")
}

fn waits(policy: &RetryPolicy, most: u32) -> Vec<u64> {
    (1..=most).map(|count| wait_at(policy, count, u64::MAX).as_secs()).collect()
}

#[test]
fn the_polynomial_wait_is_the_fourth_power_and_two_seconds() {
    assert_eq!(waits(&exact(Wait::PolynomiallyLonger), 6), [3, 18, 83, 258, 627, 1298]);
}

#[test]
fn the_polynomial_wait_is_jittered_but_for_its_two_seconds() {
    let policy = exact(Wait::PolynomiallyLonger).jitter(4.0);
    let longest: Vec<_> = (1..=4).map(|count| wait_at(&policy, count, u64::MAX)).collect();
    for (wait, bound) in longest.iter().zip([7, 82, 407, 1282]) {
        assert!(seconds(bound).abs_diff(*wait) < Duration::from_micros(1), "{wait:?} is not {bound} s");
    }
    assert_eq!(wait_at(&policy, 2, HALF), seconds(16 + 32 + 2));
}

#[test]
fn the_exponential_wait_doubles_up_to_a_day() {
    let policy = exact(Wait::exponentially_longer());
    assert_eq!(waits(&policy, 6), [2, 4, 8, 16, 32, 64]);
    assert_eq!(wait_at(&policy, 16, 0), seconds(65_536));
    assert_eq!(wait_at(&policy, 17, 0), seconds(24 * 60 * 60));
}

#[test]
fn another_cap_ends_the_doubling_and_jitter_comes_on_top() {
    let policy = exact(Wait::ExponentiallyLonger { cap: seconds(10) });
    assert_eq!(waits(&policy, 5), [2, 4, 8, 10, 10]);
    assert_eq!(wait_at(&policy.jitter(1.0), 4, HALF), seconds(15));
}

#[test]
fn a_fixed_wait_stays_the_same() {
    assert_eq!(waits(&exact(seconds(30)), 4), [30, 30, 30, 30]);
}

#[test]
fn a_wait_may_have_fractions_of_a_second() {
    let policy = exact(Duration::from_millis(4500));
    assert_eq!(wait_at(&policy, 1, u64::MAX), Duration::from_millis(4500));
    assert_eq!(wait_at(&policy.jitter(1.0), 1, HALF), Duration::from_millis(6750));
}

#[test]
fn a_wait_of_nothing_stays_nothing_with_any_jitter() {
    assert_eq!(wait_at(&exact(Duration::ZERO).jitter(f64::MAX), 1, u64::MAX), Duration::ZERO);
}

#[test]
fn a_function_of_the_count_sets_the_wait_without_jitter() {
    let policy = exact(Wait::Computed(Arc::new(|count, _| seconds(u64::from(count) * 2)))).jitter(1.0);
    assert_eq!(waits(&policy, 4), [2, 4, 6, 8]);
}

#[test]
fn a_function_of_the_wait_sees_the_error() {
    let policy = exact(Wait::Computed(Arc::new(|count, failure| {
        let asked = if failure.find::<io::Error>().is_some() { 10 } else { 0 };
        seconds(asked + u64::from(count))
    })));
    assert_eq!(policy.next_wait(1, &gateway(), 0), Some(seconds(11)));
    assert_eq!(policy.next_wait(2, &gateway(), 0), Some(seconds(12)));
    assert_eq!(policy.next_wait(2, &declined(1), 0), Some(seconds(2)));
}

#[test]
fn jitter_lengthens_a_fixed_wait_by_at_most_its_share() {
    let policy = exact(seconds(3600)).jitter(0.15);
    assert_eq!(wait_at(&policy, 1, 0), seconds(3600));
    assert_eq!(wait_at(&policy, 1, HALF), seconds(3870));
    let longest = wait_at(&policy, 1, u64::MAX);
    assert!(longest <= seconds(4140) && longest > seconds(4139), "{longest:?}");
}

#[test]
fn the_default_is_three_seconds_with_fifteen_hundredths_of_jitter() {
    let policy = RetryPolicy::default();
    assert_eq!(wait_at(&policy, 1, 0), seconds(3));
    let half = seconds(3).mul_f64(1.0 + DEFAULT_JITTER / 2.0);
    assert!(wait_at(&policy, 1, HALF).abs_diff(half) < Duration::from_micros(1));
    assert!(wait_at(&policy, 1, u64::MAX) > half);
}

#[test]
fn negative_and_non_finite_jitter_is_none() {
    for jitter in [-0.5, f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        assert_eq!(wait_at(&exact(seconds(100)).jitter(jitter), 1, u64::MAX), seconds(100), "{jitter}");
    }
}

#[test]
fn huge_jitter_makes_the_longest_wait_and_never_a_shorter_one() {
    for jitter in [1e9, 1e300, f64::MAX] {
        assert_eq!(wait_at(&exact(seconds(100)).jitter(jitter), 1, HALF), LONGEST_WAIT, "{jitter}");
        assert_eq!(wait_at(&exact(seconds(100)).jitter(jitter), 1, 0), seconds(100), "{jitter}");
    }
}

#[test]
fn no_wait_is_longer_than_the_longest() {
    let computed = Wait::Computed(Arc::new(|_, _| Duration::MAX));
    let uncapped = Wait::ExponentiallyLonger { cap: Duration::MAX };
    for wait in [Wait::Fixed(Duration::MAX), Wait::PolynomiallyLonger, uncapped, computed] {
        assert_eq!(wait_at(&exact(wait.clone()).jitter(1.0), 1000, u64::MAX), LONGEST_WAIT, "{wait:?}");
    }
}

#[test]
fn a_count_at_the_end_of_its_range_still_has_a_wait() {
    for wait in [Wait::PolynomiallyLonger, Wait::ExponentiallyLonger { cap: Duration::MAX }] {
        assert_eq!(wait_at(&exact(wait), u32::MAX, 0), LONGEST_WAIT);
    }
    assert_eq!(wait_at(&exact(Wait::exponentially_longer()), u32::MAX, 0), seconds(24 * 60 * 60));
}

#[test]
fn attempts_of_zero_and_one_never_retry() {
    for attempts in [0, 1] {
        assert_eq!(RetryPolicy::new().attempts(attempts).next_wait(1, &frozen(), 0), None, "{attempts}");
    }
}

#[test]
fn attempts_end_with_the_last() {
    let policy = RetryPolicy::new().attempts(4);
    assert!(policy.next_wait(3, &frozen(), 0).is_some());
    assert_eq!(policy.next_wait(4, &frozen(), 0), None);
    assert_eq!(policy.next_wait(u32::MAX, &frozen(), 0), None);
}

#[test]
fn unlimited_attempts_have_no_end() {
    let policy = RetryPolicy::new().attempts(Attempts::Unlimited);
    assert!([1, 1000, u32::MAX].into_iter().all(|count| policy.next_wait(count, &frozen(), 0).is_some()));
}

#[test]
fn a_wait_may_be_written_as_a_duration_or_as_a_function() {
    let after = |wait: Wait, failure: &Failure| exact(wait).next_wait(2, failure, 0).unwrap();
    assert_eq!(after(wait(seconds(7)), &frozen()), seconds(7));
    assert_eq!(after(wait(|count: u32| seconds(u64::from(count) * 5)), &frozen()), seconds(10));
    let code = |count: u32, error: &PaymentError| match error {
        PaymentError::Declined { code } => seconds(u64::from(*code) + u64::from(count)),
        _ => seconds(0),
    };
    assert_eq!(after(wait(code), &declined(40)), seconds(42));
    let words = |count: u32, failure: &Failure| seconds(failure.message().len() as u64 + u64::from(count));
    assert_eq!(after(wait(words), &frozen()), seconds(8));
}

#[test]
fn a_wait_function_of_an_error_is_not_called_for_a_panic() {
    let policy = exact(wait(|_: u32, _: &PaymentError| seconds(99)));
    assert_eq!(wait_at(&policy, 1, 0), seconds(99));
    let panic = Failure::from_error(Panic::caught(&"boom"));
    assert_eq!(policy.next_wait(1, &panic, 0), Some(DEFAULT_WAIT));
}
