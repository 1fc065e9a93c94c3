//! Identities: that they grow, that they differ, and how they are written.

use std::collections::HashSet;
use std::sync::Mutex;

use jobs_core::{Entropy, JobId, JobIds, ProcessId, SystemClock, SystemEntropy};

use crate::setup::{Fixed, SetClock};

const NOW: i64 = 0x0192_f0c1_2b7a;

fn number(id: JobId) -> u128 {
    u128::from_be_bytes(*id.as_bytes())
}

#[test]
fn an_id_is_a_uuid_of_version_seven_with_the_time_in_front() {
    let clock = SetClock::at_millis(NOW);
    for chance in [0, u64::MAX, 0x0123_4567_89ab_cdef] {
        let id = number(JobIds::new().next(&clock, &Fixed(chance)));
        assert_eq!(id >> 80, u128::from(NOW.unsigned_abs()), "milliseconds");
        assert_eq!((id >> 76) & 0xf, 7, "version");
        assert_eq!((id >> 62) & 0b11, 0b10, "variant");
    }
}

#[test]
fn random_bits_fill_the_rest() {
    let clock = SetClock::at_millis(NOW);
    let none = JobIds::new().next(&clock, &Fixed(0));
    assert_eq!(none.to_string(), "0192f0c1-2b7a-7000-8000-000000000000");
    let all = JobIds::new().next(&clock, &Fixed(u64::MAX));
    assert_eq!(all.to_string(), "0192f0c1-2b7a-7000-803f-ffffffffffff");
}

#[test]
fn ids_of_one_millisecond_grow() {
    let (ids, clock) = (JobIds::new(), SetClock::at_millis(NOW));
    let made: Vec<_> = (0..1000).map(|turn| ids.next(&clock, &Fixed(u64::MAX - turn))).collect();
    assert!(made.is_sorted_by(|one, next| one < next));
    assert!(made.iter().all(|id| number(*id) >> 80 == u128::from(NOW.unsigned_abs())));
}

#[test]
fn ids_grow_when_the_clock_is_set_back() {
    let (ids, clock) = (JobIds::new(), SetClock::at_millis(NOW));
    let before = ids.next(&clock, &Fixed(u64::MAX));
    clock.set_millis(NOW - 3_600_000);
    let after = ids.next(&clock, &Fixed(0));
    clock.set_millis(NOW + 1);
    let later = ids.next(&clock, &Fixed(0));
    assert!(before < after && after < later);
    assert_eq!(number(later) >> 80, u128::from(NOW.unsigned_abs()) + 1, "it follows the clock again");
}

#[test]
fn a_full_counter_runs_over_into_the_time() {
    let (ids, clock) = (JobIds::new(), SetClock::at_millis(NOW));
    let mut last = ids.next(&clock, &Fixed(0));
    for _ in 0..1 << 20 {
        let next = ids.next(&clock, &Fixed(0));
        assert!(next > last);
        last = next;
    }
    assert_eq!(number(last) >> 80, u128::from(NOW.unsigned_abs()) + 1);
}

#[test]
fn a_clock_before_the_epoch_still_gives_ids() {
    let (ids, clock) = (JobIds::new(), SetClock::at_millis(-5));
    let (one, other) = (ids.next(&clock, &Fixed(0)), ids.next(&clock, &Fixed(0)));
    assert!(one < other);
    assert_eq!(number(one) >> 80, 0, "the earliest there is");
    assert_eq!((number(one) >> 76) & 0xf, 7);
}

#[test]
fn threads_that_share_a_source_get_no_id_twice_and_each_sees_them_grow() {
    const EACH: usize = 20_000;
    let (ids, all) = (JobIds::new(), Mutex::new(HashSet::new()));
    let clock = SetClock::at_millis(NOW);
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                let made: Vec<_> = (0..EACH).map(|_| ids.next(&clock, &Fixed(0))).collect();
                assert!(made.is_sorted_by(|one, next| one < next));
                all.lock().unwrap().extend(made);
            });
        }
    });
    assert_eq!(all.lock().unwrap().len(), 8 * EACH);
}

#[test]
fn sources_of_several_processes_differ_by_random_bits() {
    let clock = SetClock::at_millis(NOW);
    let made = || JobIds::new().next(&clock, &SystemEntropy::new());
    assert_ne!(made(), made());
}

#[test]
fn an_id_is_read_as_it_is_written() {
    let id = JobIds::new().next(&SystemClock, &SystemEntropy::new());
    assert_eq!(id.to_string().parse::<JobId>().unwrap(), id);
    assert_eq!(id.to_string().to_uppercase().parse::<JobId>().unwrap(), id);
    assert_eq!(JobId::from_bytes(*id.as_bytes()), id);
    assert_eq!(format!("{id:?}"), format!("JobId({id})"));
}

#[test]
fn the_text_of_ids_sorts_as_the_ids_do() {
    let (ids, clock) = (JobIds::new(), SetClock::at_millis(NOW));
    let made: Vec<_> = (0..300).map(|_| ids.next(&clock, &SystemEntropy::new()).to_string()).collect();
    assert!(made.is_sorted());
}

#[test]
fn an_invalid_id_is_refused_with_an_example() {
    for junk in ["", "4x", "0192f0c1-2b7a-7000-8000-00000000000g", "0192f0c1-2b7a-7000-8000-0000000000000"] {
        let error = junk.parse::<JobId>().unwrap_err();
        assert!(error.is_invalid());
        let words = format!("`{junk}` is not a job id; a job id is a UUID such as 0192f0c1-");
        assert!(error.to_string().starts_with(&words), "{error}");
    }
}

#[test]
fn a_process_id_is_positive_for_all_random_bits() {
    for chance in [0, 1, 2, 1 << 63, u64::MAX] {
        assert!(ProcessId::random(&Fixed(chance)).get() > 0, "{chance}");
    }
    assert_eq!(ProcessId::new(255).to_string(), "00000000000000ff");
}

#[test]
fn random_bits_of_the_system_do_not_repeat() {
    let entropy = SystemEntropy::new();
    let drawn: HashSet<_> = (0..10_000).map(|_| entropy.next_u64()).collect();
    assert_eq!(drawn.len(), 10_000);
    assert_ne!(SystemEntropy::new().next_u64(), SystemEntropy::new().next_u64());
}

#[test]
fn a_fraction_is_at_least_zero_and_below_one() {
    use jobs_core::entropy::fraction;
    assert!(fraction(0).abs() < f64::EPSILON);
    assert!(fraction(u64::MAX) < 1.0 && fraction(u64::MAX) > 0.999_999);
    assert!((fraction(1 << 63) - 0.5).abs() < f64::EPSILON);
}
