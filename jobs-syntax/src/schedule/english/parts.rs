//! The parts of an English schedule, and the cron line that they make together.

use crate::schedule::ScheduleError;
use crate::schedule::cron::Cron;
use crate::schedule::dialect::Dialect;
use crate::schedule::english::days::{DaysOfMonth, MONDAY_TO_FRIDAY};
use crate::schedule::field::{DAY, Field, HOUR, MINUTE, SECOND};

/// What the words name so far.
#[derive(Clone, Debug, Default)]
pub(crate) struct Parts {
    pub(crate) seconds: Option<Field>,
    pub(crate) times: Vec<TimeOfDay>,
    /// The steps of `every 2 days`; weaker than named days.
    pub(crate) every_days: Option<Field>,
    pub(crate) days: DaysOfMonth,
    pub(crate) months: Option<Field>,
    pub(crate) weekdays: u64,
    /// Whether `every week` is said: on Sunday unless another day is named.
    pub(crate) is_weekly: bool,
    /// Whether `every year` is said: on the first of January unless another day is named.
    pub(crate) is_yearly: bool,
    /// Whether a file of Ruby says `every weekday`: from Monday to Friday unless other weekdays are named.
    pub(crate) is_on_weekdays: bool,
}

/// Hours and minutes, and which of the two others may replace.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TimeOfDay {
    pub(crate) hours: Field,
    pub(crate) minutes: Field,
    pub(crate) grade: Grade,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Grade {
    /// A time of day.
    Time,
    /// `every 2 hours`: the minute is zero unless another part names it.
    Interval,
    /// `every 5 minutes`, `at minute 12`: the hours are all unless another part names them.
    Minutes,
    /// `from 8am to 5pm`: the minute is zero unless another part names it.
    Hours { from: u32, to: u32 },
    /// `on the hour` in a file of Ruby: the hour from midnight.
    Midnight,
}

impl TimeOfDay {
    pub(crate) fn at(hour: u32, minute: u32) -> Self {
        Self { hours: Field::only(hour), minutes: Field::only(minute), grade: Grade::Time }
    }

    pub(crate) fn each_minute() -> Self {
        Self { hours: HOUR.all(), minutes: MINUTE.all(), grade: Grade::Minutes }
    }

    /// Both together; the one with a grade, this one, decides what it names.
    fn with(self, other: Self, dialect: &mut Dialect) -> Result<Self, ScheduleError> {
        let is_beside_hours = dialect.is_ruby() && other.grade == Grade::Time;
        let hours = match (self.grade, other.grade) {
            // Up to the end of the last hour, not beyond it.
            (Grade::Hours { from, to }, Grade::Minutes) | (Grade::Minutes, Grade::Hours { from, to }) => {
                Field::between(from, (to + 23) % 24)
            }
            (Grade::Hours { .. }, Grade::Midnight) | (Grade::Midnight, _) => self.hours,
            (_, Grade::Hours { .. } | Grade::Midnight) | (Grade::Minutes, _) => other.hours,
            (Grade::Hours { .. }, _) | (_, Grade::Minutes) => self.hours,
            _ => self.hours.or(other.hours),
        };
        let minutes = match (self.grade, other.grade) {
            (Grade::Minutes, _) | (Grade::Hours { .. }, Grade::Midnight) => self.minutes,
            (Grade::Hours { .. }, Grade::Time) if is_beside_hours => {
                dialect
                    .surprise("write a cron line", "minute 0 counts beside the minutes that are named with hours")?;
                if other.minutes.set == MINUTE.all().set { self.minutes } else { self.minutes.or(other.minutes) }
            }
            (Grade::Midnight, Grade::Time | Grade::Hours { .. })
            | (_, Grade::Minutes)
            | (Grade::Interval | Grade::Hours { .. }, _) => other.minutes,
            (_, Grade::Interval | Grade::Hours { .. }) => self.minutes,
            _ => self.minutes.or(other.minutes),
        };
        Ok(Self { hours, minutes, grade: Grade::Time })
    }
}

impl Parts {
    pub(crate) const fn add_days(&mut self, days: DaysOfMonth) {
        self.days.days |= days.days;
        self.days.from_end |= days.from_end;
    }

    /// Whether the words name nothing so far.
    pub(crate) fn is_empty(&self) -> bool {
        let names_days =
            self.every_days.is_some() || self.days.days != 0 || self.days.from_end != 0 || self.weekdays != 0;
        let is_weekly = self.is_weekly || self.is_on_weekdays;
        !names_days && self.seconds.is_none() && self.times.is_empty() && self.months.is_none() && !is_weekly
    }

    /// Seconds that are named beside others are added to them.
    pub(crate) fn add_seconds(&mut self, seconds: Field, dialect: &mut Dialect) -> Result<(), ScheduleError> {
        self.seconds = Some(match self.seconds {
            None => seconds,
            Some(named) => {
                dialect.surprise(
                    "it names seconds twice; write a cron line with seconds, as `5,*/10 * * * * *`",
                    "seconds that are named twice are added",
                )?;
                match (named.set == SECOND.all().set, seconds.set == SECOND.all().set) {
                    (true, _) => seconds,
                    (_, true) => named,
                    _ => named.or(seconds),
                }
            }
        });
        Ok(())
    }

    /// `on the hour` is the hour from midnight for `fugit`, unless hours from one to another stand before it.
    pub(crate) fn on_the_hour(&mut self, dialect: &mut Dialect) -> Result<(), ScheduleError> {
        if !self.times.iter().any(|time| matches!(time.grade, Grade::Hours { .. })) {
            dialect.surprise("write the times as `at 5:00`", "`on the hour` is the hour from midnight")?;
        }
        self.times.push(TimeOfDay { hours: Field::only(0), minutes: MINUTE.all(), grade: Grade::Midnight });
        Ok(())
    }

    pub(crate) fn are_weekdays_alone(&self) -> bool {
        self.weekdays != 0 && Self { weekdays: 0, ..self.clone() }.is_empty()
    }

    /// An interval of hours beside a time of day names hours twice.
    fn settle_hours(&mut self, dialect: &mut Dialect) -> Result<(), ScheduleError> {
        let is_interval = |time: &TimeOfDay| time.grade == Grade::Interval;
        let Some(interval) = self.times.iter().copied().find(is_interval) else { return Ok(()) };
        if self.times.iter().all(|time| time.grade != Grade::Time) {
            return Ok(());
        }
        let advice = "it names times of day beside an interval of hours; write `every day at 5am`, or `every 2 hours at minute 5`";
        if interval.hours.set != HOUR.all().set {
            return Err(ScheduleError::new(advice));
        }
        dialect.surprise(advice, "the times of day count, not each hour")?;
        self.times.retain(|time| !is_interval(time));
        Ok(())
    }

    /// The cron line. `unknown` is the error for words that say nothing.
    pub(crate) fn cron(
        mut self,
        dialect: &mut Dialect,
        unknown: impl Fn() -> ScheduleError,
    ) -> Result<Cron, ScheduleError> {
        if self.is_on_weekdays && self.weekdays == 0 {
            self.weekdays = MONDAY_TO_FRIDAY;
        }
        // For `fugit` these days count beside named ones of the other kind.
        if self.is_weekly && self.weekdays == 0 && (self.days.days == 0 || dialect.is_ruby()) {
            self.weekdays = 1;
        }
        let names_days = self.days.days != 0 || self.days.from_end != 0;
        if self.is_yearly && !names_days && dialect.is_ruby() {
            self.days.days = 1 << 1;
        }
        let has_days = names_days || self.every_days.is_some() || self.weekdays != 0;
        if !has_days && self.months.is_some() {
            self.days.days = 1 << 1;
        }
        if self.times.is_empty() && (has_days || self.months.is_some()) {
            self.times.push(TimeOfDay::at(0, 0));
        }
        if self.times.is_empty() && self.seconds.is_none() {
            return Err(unknown());
        }
        if self.seconds.is_some() && !self.times.is_empty() {
            let advice = "it names seconds and times of day; write a cron line with seconds, as `*/10 * 9-17 * * *`";
            dialect.surprise(advice, "its seconds count in the named minutes alone")?;
        }
        self.settle_hours(dialect)?;
        let time = together(self.times.clone(), dialect)?;
        let seconds = self.seconds.unwrap_or(Field::only(0));
        let mut cron = Cron::daily(seconds, time.minutes, time.hours);
        self.set_days(&mut cron, dialect)?;
        cron.checked()
    }

    fn set_days(&self, cron: &mut Cron, dialect: &mut Dialect) -> Result<(), ScheduleError> {
        cron.months = self.months.unwrap_or(cron.months);
        let named = Field { set: self.days.days, is_star: false };
        if self.days.days != 0 || self.days.from_end != 0 {
            (cron.days, cron.days_from_end) = (named, self.days.from_end);
        } else if let Some(days) = self.every_days {
            cron.days = days;
        }
        if self.weekdays != 0 {
            cron.weekdays = Field { set: self.weekdays, is_star: false };
        }
        if cron.days.set != DAY.all().set && self.weekdays != 0 {
            cron.are_both = false;
            let advice = "it names days of the month and weekdays; write a cron line: `0 0 13 * fri` for the 13th and each \
                          Friday, `0 0 13 * fri&` for a Friday that is the 13th";
            dialect.surprise(advice, "it names days of the month and weekdays, and each of them is enough")?;
        }
        if self.months.is_some() && self.weekdays != 0 && self.days.days == 0 {
            let advice = "it names months and weekdays; write a cron line: `0 0 * * mon` for each Monday, `0 0 * * mon#1` for \
                          the first Monday of each month";
            dialect.surprise(advice, "each of these weekdays counts, not one in each month")?;
        }
        Ok(())
    }
}

/// The hours and minutes of all times together.
fn together(mut times: Vec<TimeOfDay>, dialect: &mut Dialect) -> Result<TimeOfDay, ScheduleError> {
    while times.len() > 1
        && let Some(index) = times.iter().position(|time| time.grade != Grade::Time)
    {
        let other = times.remove(if index == 0 { 1 } else { index - 1 });
        let index = index.saturating_sub(1);
        if let Some(time) = times.get_mut(index) {
            *time = time.with(other, dialect)?;
        }
    }
    let all = |field: fn(&TimeOfDay) -> Field| times.iter().map(field).reduce(Field::or);
    let hours = all(|time| time.hours).unwrap_or(HOUR.all());
    let minutes = all(|time| time.minutes).unwrap_or(MINUTE.all());
    let pairs = |hour: u32| times.iter().filter(|time| time.hours.has(hour)).map(|time| time.minutes).reduce(Field::or);
    if hours.numbers().any(|hour| pairs(hour).is_some_and(|named| named.set != minutes.set)) {
        return Err(ScheduleError::new(
            "these times are not at the same minute of the hour, which is two schedules; write one task for each",
        ));
    }
    Ok(TimeOfDay { hours, minutes, grade: Grade::Time })
}
