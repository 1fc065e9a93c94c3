//! Which of many equal log lines are written: the first, then one in a minute with the number of all.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::{LogText, Timestamp};

/// For how long a line that was written keeps equal lines out of the log: a minute, so that a person who looks finds each
/// cause among the latest lines, and a cause that concerns each of many thousand jobs does not hide the others.
pub const REPEAT_AFTER: Duration = Duration::from_secs(60);

/// How many causes are told apart at once. Beyond it, causes that are new share one entry.
const CAUSES: usize = 1000;

/// Counts lines by their cause, as a kind of event and the name of a job. Causes are told apart by what a log line shows of
/// them, so that a name of a megabyte takes a kilobyte.
#[derive(Debug, Default)]
pub struct RepeatLimit {
    causes: BTreeMap<String, Repeats>,
}

/// The lines of one cause.
#[derive(Debug)]
struct Repeats {
    written_at: Timestamp,
    left_out: u64,
}

impl RepeatLimit {
    /// No line was written yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// How many lines of this cause were left out since the last that was written, if one is to be written now; `None` if
    /// it is to be left out.
    ///
    /// A clock that was set back starts anew, so that no line is kept out for longer than [`REPEAT_AFTER`].
    pub fn admit(&mut self, cause: &str, now: Timestamp) -> Option<u64> {
        let cause = LogText::field(cause).to_string();
        if let Some(repeats) = self.causes.get_mut(&cause) {
            return repeats.admit(now);
        }
        if self.causes.len() >= CAUSES {
            self.causes.retain(|_, repeats| !repeats.is_over(now));
        }
        let cause = if self.causes.len() >= CAUSES { String::new() } else { cause };
        if let Some(repeats) = self.causes.get_mut(&cause) {
            return repeats.admit(now);
        }
        self.causes.insert(cause, Repeats { written_at: now, left_out: 0 });
        Some(0)
    }
}

impl Repeats {
    fn admit(&mut self, now: Timestamp) -> Option<u64> {
        if self.is_over(now) {
            self.written_at = now;
            return Some(std::mem::take(&mut self.left_out));
        }
        self.left_out = self.left_out.saturating_add(1);
        None
    }

    fn is_over(&self, now: Timestamp) -> bool {
        now < self.written_at || now.duration_since(self.written_at) >= REPEAT_AFTER
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn second(number: i64) -> Timestamp {
        Timestamp::from_micros(number * 1_000_000)
    }

    #[test]
    fn the_first_line_is_written_and_then_one_in_a_minute_with_the_number_left_out() {
        let mut limit = RepeatLimit::new();
        assert_eq!(limit.admit("a", second(0)), Some(0));
        for _ in 0..20_000 {
            assert_eq!(limit.admit("a", second(59)), None);
        }
        assert_eq!(limit.admit("b", second(59)), Some(0), "another cause is not kept out");
        assert_eq!(limit.admit("a", second(60)), Some(20_000));
        assert_eq!(limit.admit("a", second(61)), None);
        assert_eq!(limit.admit("a", second(200)), Some(1));
        assert_eq!(limit.admit("a", second(300)), Some(0));
    }

    #[test]
    fn a_clock_that_is_set_back_keeps_no_line_out() {
        let mut limit = RepeatLimit::new();
        assert_eq!(limit.admit("a", second(5000)), Some(0));
        assert_eq!(limit.admit("a", second(10)), Some(0));
        assert_eq!(limit.admit("a", second(11)), None);
    }

    #[test]
    fn any_number_of_causes_takes_bounded_memory_and_old_ones_make_room() {
        let mut limit = RepeatLimit::new();
        let written = |limit: &mut RepeatLimit, at| {
            (0..5000).filter_map(|cause| limit.admit(&format!("{at} {cause}"), second(at))).count()
        };
        assert_eq!(written(&mut limit, 0), CAUSES + 1, "those beyond share one line");
        assert_eq!(written(&mut limit, 60), CAUSES + 1);
        assert!(limit.causes.len() <= CAUSES + 1);
    }

    #[test]
    fn a_cause_of_a_megabyte_takes_a_kilobyte_and_is_one_cause() {
        let mut limit = RepeatLimit::new();
        let cause = "x".repeat(1 << 20);
        assert_eq!((limit.admit(&cause, second(0)), limit.admit(&cause, second(1))), (Some(0), None));
        assert!(limit.causes.keys().all(|cause| cause.len() < 2000));
    }
}
