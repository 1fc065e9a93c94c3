//! Missed ticks: which there are, and which of them still get a job.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::{Error, Schedule, Timestamp};

/// How late a tick may be taken and still be on time: a minute. So a restart, or a fail-over of the store, misses none.
pub const GRACE: Duration = Duration::from_secs(60);

/// The most missed ticks that get their jobs at once.
pub const MOST_MISSED: u32 = 1000;

/// What happens to ticks that are later than [`GRACE`], because no scheduler ran. Written `skip`, `once` and `all(24)`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum MissedTicks {
    /// They are left out, as in Solid Queue, Sidekiq and `GoodJob`: a nightly job does not run at noon.
    #[default]
    Skip,
    /// One job for all of them, that of the last tick; none if another tick is on time now.
    Once,
    /// One job for each of the last so many; at most [`MOST_MISSED`].
    All(u32),
}

/// The ticks of a task that are due at one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DueTicks {
    /// Ticks up to this time are left out, and how many ([`MOST_MISSED`] means that many or more).
    pub skipped: Option<(Timestamp, u32)>,
    /// The ticks that get their jobs, in order.
    pub taken: Vec<Timestamp>,
}

/// The ticks after `after` that are due at `now`.
///
/// The scheduler that asks has been at work since `watched_since`: later ticks are not missed, however late they are. `now`
/// if it begins to look only now.
pub fn due_ticks(
    schedule: &Schedule,
    after: Timestamp,
    watched_since: Timestamp,
    now: Timestamp,
    missed: MissedTicks,
) -> DueTicks {
    // Ticks are whole seconds, so fractions of a second do not matter here.
    let watched = (now - GRACE).min(watched_since).max(after);
    let on_time = schedule.last_between(watched, now, MOST_MISSED as usize);
    let too_many = on_time.len() == MOST_MISSED as usize;
    let horizon = on_time.first().filter(|_| too_many).map_or(watched, |first| *first - Duration::from_secs(1));
    let wanted = match missed {
        MissedTicks::Skip => 0,
        MissedTicks::Once => usize::from(on_time.is_empty()),
        MissedTicks::All(count) => count.min(MOST_MISSED) as usize,
    };
    let mut taken = if wanted == 0 { Vec::new() } else { schedule.last_between(after, horizon, wanted) };
    let until = taken.first().map_or(horizon, |first| *first - Duration::from_secs(1));
    let skipped = schedule.ticks_between(after, until).take(MOST_MISSED as usize).count();
    taken.extend(on_time);
    let count = u32::try_from(skipped).unwrap_or(MOST_MISSED);
    DueTicks { skipped: (count > 0).then_some((until, count)), taken }
}

impl fmt::Display for MissedTicks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Skip => f.write_str("skip"),
            Self::Once => f.write_str("once"),
            Self::All(count) => write!(f, "all({count})"),
        }
    }
}

impl FromStr for MissedTicks {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let count = |inner: &str| inner.parse().ok().filter(|count| (1..=MOST_MISSED).contains(count));
        let inner = text.strip_prefix("all(").and_then(|rest| rest.strip_suffix(')'));
        match (text, inner.and_then(count)) {
            ("skip", _) => Ok(Self::Skip),
            ("once", _) => Ok(Self::Once),
            (_, Some(count)) => Ok(Self::All(count)),
            _ => Err(Error::invalid(format!(
                "`{}` is not a valid value for missed ticks; there is `skip`, `once`, and `all(24)` for the last 24, at most \
                 {MOST_MISSED}",
                text.escape_debug()
            ))),
        }
    }
}

impl From<MissedTicks> for String {
    fn from(missed: MissedTicks) -> Self {
        missed.to_string()
    }
}

impl TryFrom<String> for MissedTicks {
    type Error = Error;

    fn try_from(text: String) -> Result<Self, Error> {
        text.parse()
    }
}
