//! When something recurs: a rhythm in a zone, and the instants that it names.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use chrono::{DateTime, Timelike};
use chrono_tz::Tz;
use jobs_syntax::schedule::{Rhythm, ScheduleError, Written, read};
use jobs_syntax::spelling::shortened;

use super::cron_in_zone;
use crate::url::masked;
use crate::{Error, Timestamp};

/// When a job recurs. Its ticks are whole seconds, the same for everybody who reads the same words.
///
/// | words | ticks |
/// |---|---|
/// | `0 2 * * *`, six fields with seconds in front, `@daily` | when the clock in the zone says so |
/// | `every day at 5am`, `every 2 hours`, `every monday at 9:00` | the same in English |
/// | `every 5m`, `every 1h30m` | each time so much has passed since 1970-01-01T00:00:00Z |
///
/// The zone is UTC unless one is given, also behind the words: `0 2 * * * Europe/Berlin`. Where clocks are set forward, a
/// time that is left out comes at the end of the gap; where they are set back, a time that comes twice counts once.
/// Lines whose minutes or hours begin with `*` go on through both instead, as in the cron of ISC.
#[derive(Clone, Debug, PartialEq)]
pub struct Schedule {
    rhythm: Rhythm,
    zone: Tz,
}

impl Schedule {
    /// Reads the words. A zone given apart has to be the one behind the words, if there is one too.
    ///
    /// # Errors
    /// The words are no schedule or never fire, or there is no such zone; says what to write instead. The error
    /// [is invalid](Error::is_invalid).
    pub fn parse(words: &str, zone: Option<&str>) -> Result<Self, Error> {
        let read = read(words).map_err(|error| invalid_schedule(words, &error));
        let apart = zone.map(zone_of).transpose();
        let (Written { rhythm, zone: behind }, apart) = match (read, apart) {
            (Err(schedule), Err(zone)) => return Err(Error::invalid(format!("{schedule}; and {zone}"))),
            (read, apart) => (read?, apart?),
        };
        let zone = match (behind.as_deref(), zone) {
            (Some(behind), Some(apart)) if behind != apart => return Err(two_zones(words, behind, apart)),
            (Some(name), _) => zone_of(name)?,
            (None, _) => apart.unwrap_or(Tz::UTC),
        };
        Ok(Self { rhythm, zone })
    }

    /// Checks the name of a time zone, which is one of the IANA database.
    ///
    /// # Errors
    /// There is no such time zone; the error [is invalid](Error::is_invalid) and says what to write.
    pub fn check_zone(name: &str) -> Result<(), Error> {
        zone_of(name).map(drop)
    }

    /// Each time so much has passed since 1970.
    ///
    /// # Errors
    /// The span is less than a second or no number of whole seconds; the error [is invalid](Error::is_invalid).
    pub fn every(span: Duration) -> Result<Self, Error> {
        if span.subsec_nanos() != 0 || span.is_zero() {
            return Err(Error::invalid(format!("a job cannot recur every {span:?}: write a number of whole seconds")));
        }
        let words = format!("every {}s", span.as_secs());
        Self::parse(&words, None)
    }

    /// The first tick after this point; `None` past the end of the calendar.
    pub fn next_after(&self, point: Timestamp) -> Option<Timestamp> {
        let after = point.as_micros().div_euclid(MICROS);
        let next = match &self.rhythm {
            Rhythm::Every(seconds) => {
                let seconds = i64::try_from(*seconds).ok()?;
                after.div_euclid(seconds).checked_add(1)?.checked_mul(seconds)?
            }
            Rhythm::Cron(cron) => cron_in_zone::next(cron, self.zone, after)?,
        };
        next.checked_mul(MICROS).map(Timestamp::from_micros)
    }

    /// The ticks after `after` up to `until`, the first first.
    pub fn ticks_between(&self, after: Timestamp, until: Timestamp) -> impl Iterator<Item = Timestamp> + '_ {
        let ticks = std::iter::successors(self.next_after(after), |tick| self.next_after(*tick));
        ticks.take_while(move |tick| *tick <= until)
    }

    /// The last `count` ticks after `after` up to `until`, the first first. Takes no longer for a long time between.
    pub fn last_between(&self, after: Timestamp, until: Timestamp, count: usize) -> Vec<Timestamp> {
        let mut window = Duration::from_secs(60);
        loop {
            let from = (until - window).max(after);
            let mut ticks: Vec<_> = self.ticks_between(from, until).collect();
            if ticks.len() >= count || from == after {
                ticks.drain(..ticks.len().saturating_sub(count));
                return ticks;
            }
            window = window.saturating_mul(2);
        }
    }

    /// A time by the clock on the wall in the zone of the schedule, as `Sat 2026-01-03 02:00 CET`; with seconds if they are not zero.
    pub fn local(&self, time: Timestamp) -> String {
        let Some(local) = DateTime::from_timestamp_micros(time.as_micros()).map(|utc| utc.with_timezone(&self.zone))
        else {
            return time.to_string();
        };
        let format = if local.second() == 0 { "%a %Y-%m-%d %H:%M %Z" } else { "%a %Y-%m-%d %H:%M:%S %Z" };
        local.format(format).to_string()
    }

    /// In words, as `at 02:00 every day (Europe/Berlin)`.
    pub fn describe(&self) -> String {
        match self.rhythm {
            Rhythm::Every(_) => self.rhythm.to_string(),
            Rhythm::Cron(_) => format!("{} ({})", self.rhythm, self.zone.name()),
        }
    }
}

const MICROS: i64 = 1_000_000;

impl FromStr for Schedule {
    type Err = Error;

    fn from_str(words: &str) -> Result<Self, Error> {
        Self::parse(words, None)
    }
}

impl fmt::Display for Schedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.describe())
    }
}

fn zone_of(name: &str) -> Result<Tz, Error> {
    if name.eq_ignore_ascii_case("utc") {
        return Ok(Tz::UTC);
    }
    name.parse().map_err(|_| {
        let hint = jobs_syntax::schedule::zone_hint(name);
        Error::invalid(format!("`{}` is not a time zone{hint}", shortened(&masked(name)).escape_debug()))
    })
}

fn invalid_schedule(words: &str, error: &ScheduleError) -> Error {
    Error::invalid(format!("`{}` is not a valid schedule: {error}", shortened(&masked(words)).escape_debug()))
}

fn two_zones(words: &str, behind: &str, apart: &str) -> Error {
    Error::invalid(format!(
        "`{}` has the zone `{behind}` and is given the zone `{apart}`: leave one of them away",
        words.escape_debug()
    ))
}
