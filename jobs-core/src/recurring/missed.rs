//! Ticks that nobody took in time, and what is made of them.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::{Error, Schedule, Timestamp};

/// How late a tick may be and still count as taken in time: a minute. A restart, or a fail-over of the store, loses none.
pub const GRACE: Duration = Duration::from_secs(60);

/// The most ticks that are made up for at once.
pub const MOST_MISSED: u32 = 1000;

/// What becomes of ticks that are later than [`GRACE`], because no scheduler ran. Written `skip`, `once` and `all(24)`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum Missed {
    /// They are left out, as in Solid Queue, Sidekiq and `GoodJob`: a job of the night is not run at noon.
    #[default]
    Skip,
    /// One job stands for all of them, that of the last tick; none if a tick has just come in time.
    Once,
    /// Each has its job, the last so many of them; at most [`MOST_MISSED`].
    All(u32),
}

/// What there is to do for a task at one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DueTicks {
    /// Up to here ticks are left out, so many of them ([`MOST_MISSED`] stands for as many or more).
    pub skipped: Option<(Timestamp, u32)>,
    /// These have their jobs, the first first.
    pub taken: Vec<Timestamp>,
}

/// What there is to do at `now` for ticks after `after`.
pub fn due_ticks(schedule: &Schedule, after: Timestamp, now: Timestamp, missed: Missed) -> DueTicks {
    // Ticks are whole seconds, so a tick is missed or in time whatever the fraction of a second is.
    let horizon = now.before(GRACE).max(after);
    let in_time: Vec<Timestamp> = schedule.ticks_between(horizon, now).collect();
    let wanted = match missed {
        Missed::Skip => 0,
        Missed::Once => usize::from(in_time.is_empty()),
        Missed::All(count) => count.min(MOST_MISSED) as usize,
    };
    let mut taken = if wanted == 0 { Vec::new() } else { schedule.last_between(after, horizon, wanted) };
    let until = taken.first().map_or(horizon, |first| first.before(Duration::from_secs(1)));
    let skipped = schedule.ticks_between(after, until).take(MOST_MISSED as usize).count();
    taken.extend(in_time);
    let count = u32::try_from(skipped).unwrap_or(MOST_MISSED);
    DueTicks { skipped: (count > 0).then_some((until, count)), taken }
}

impl fmt::Display for Missed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Skip => f.write_str("skip"),
            Self::Once => f.write_str("once"),
            Self::All(count) => write!(f, "all({count})"),
        }
    }
}

impl FromStr for Missed {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let count = |inner: &str| inner.parse().ok().filter(|count| (1..=MOST_MISSED).contains(count));
        let inner = text.strip_prefix("all(").and_then(|rest| rest.strip_suffix(')'));
        match (text, inner.and_then(count)) {
            ("skip", _) => Ok(Self::Skip),
            ("once", _) => Ok(Self::Once),
            (_, Some(count)) => Ok(Self::All(count)),
            _ => Err(Error::invalid(format!(
                "`{}` says nothing about missed ticks; there is `skip`, `once`, and `all(24)` for the last 24, at most \
                 {MOST_MISSED}",
                text.escape_debug()
            ))),
        }
    }
}

impl From<Missed> for String {
    fn from(missed: Missed) -> Self {
        missed.to_string()
    }
}

impl TryFrom<String> for Missed {
    type Error = Error;

    fn try_from(text: String) -> Result<Self, Error> {
        text.parse()
    }
}
