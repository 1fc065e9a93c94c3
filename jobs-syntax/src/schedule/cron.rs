//! A cron line, and the next date and time that matches it.

use crate::schedule::ScheduleError;
use crate::schedule::calendar::{Local, at_least, days_in, weekday};
use crate::schedule::dialect::Dialect;
use crate::schedule::field::{DAY, Field, HOUR, MINUTE, MONTH, SECOND, Unit, WEEKDAY, digits, is_last, items};

/// A cron line of five fields, or six with seconds in front, as `0 9 * * mon-fri`.
///
/// If both the days of the month and the weekdays are restricted, a day that matches one of
/// them is enough, as in every cron; with `&` after one of the two, a day has to match both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cron {
    pub(crate) seconds: Field,
    pub(crate) minutes: Field,
    pub(crate) hours: Field,
    pub(crate) days: Field,
    /// Days counted from the end of the month, a bit for each: 1 is the last day.
    pub(crate) days_from_end: u64,
    pub(crate) months: Field,
    pub(crate) weekdays: Field,
    /// Weekdays in one week of the month only: the weekday, and 1 to 5 for the week, or -1 to -5 from the end.
    pub(crate) weeks: Vec<(u32, i32)>,
    /// Whether a day has to match both the day of the month and the weekday.
    pub(crate) are_both: bool,
}

/// How many years a search covers. Within 48 years, each date falls on each weekday at least once, also around a year
/// such as 2100 without a leap day.
const HORIZON: i32 = 48;

impl Cron {
    /// Reads the five or six fields.
    ///
    /// # Errors
    /// Says which field is wrong and why, or that no day ever matches.
    pub(crate) fn read(fields: &[&str], dialect: &mut Dialect) -> Result<Self, ScheduleError> {
        let (seconds, fields) = match fields {
            [seconds, rest @ ..] if rest.len() == 5 => (SECOND.read(seconds, dialect)?, rest),
            _ => (Field::only(0), fields),
        };
        let &[minutes, hours, days, months, weekdays] = fields else { return Err(count(fields.len())) };
        let (days, both_by_day) = both(days);
        let (weekdays, both_by_weekday) = both(weekdays);
        let mut cron = Self {
            seconds,
            minutes: MINUTE.read(minutes, dialect)?,
            hours: HOUR.read(hours, dialect)?,
            days: Field { set: 0, is_star: false },
            days_from_end: 0,
            months: MONTH.read(months, dialect)?,
            weekdays: Field { set: 0, is_star: false },
            weeks: Vec::new(),
            are_both: false,
        };
        cron.read_days(days, dialect)?;
        cron.read_weekdays(weekdays, dialect)?;
        // As in the cron of Unix, a field that begins with a star (also `*/2`) is an additional condition, not an
        // alternative.
        cron.are_both = both_by_day || both_by_weekday || cron.days.is_star || cron.weekdays.is_star;
        cron.checked()
    }

    /// At these times on all days.
    pub(crate) fn daily(seconds: Field, minutes: Field, hours: Field) -> Self {
        Self {
            seconds,
            minutes,
            hours,
            days: DAY.all(),
            days_from_end: 0,
            months: MONTH.all(),
            weekdays: WEEKDAY.all(),
            weeks: Vec::new(),
            are_both: true,
        }
    }

    fn read_days(&mut self, text: &str, dialect: &mut Dialect) -> Result<(), ScheduleError> {
        let mut plain = Vec::new();
        for item in items(text, dialect) {
            match from_end(item) {
                Some(days) => self.days_from_end |= days?,
                None => plain.push(item),
            }
        }
        if !plain.is_empty() {
            self.days = DAY.read(&plain.join(","), dialect)?;
        }
        Ok(())
    }

    fn read_weekdays(&mut self, text: &str, dialect: &mut Dialect) -> Result<(), ScheduleError> {
        let mut plain = Vec::new();
        for item in items(text, dialect) {
            match week(item)? {
                Some(week) => self.weeks.push(week),
                None => plain.push(item),
            }
        }
        if !plain.is_empty() {
            self.weekdays = WEEKDAY.read(&plain.join(","), dialect)?;
        }
        Ok(())
    }

    pub(crate) fn checked(self) -> Result<Self, ScheduleError> {
        if self.next(Local::midnight(2000, 1, 1)).is_some() {
            return Ok(self);
        }
        Err(ScheduleError::new("it never fires: none of the named months has such a day"))
    }

    /// Whether it names hours or days, so that it means other instants in another time zone.
    pub fn is_of_a_zone(&self) -> bool {
        let is_full = |unit: Unit, field: Field| field.set == unit.all().set;
        let are_days = is_full(DAY, self.days) && is_full(MONTH, self.months) && is_full(WEEKDAY, self.weekdays);
        !are_days || !is_full(HOUR, self.hours)
    }

    /// Whether the line follows elapsed time instead of the local clock: its minutes or hours begin with a star. Such a
    /// line skips the hour that is left out when clocks are set forward, and runs in both hours when they are set back.
    pub fn is_steady(&self) -> bool {
        self.minutes.is_steady() || self.hours.is_steady()
    }

    /// The first matching time after this one; `None` if there is none within 48 years.
    pub fn next(&self, after: Local) -> Option<Local> {
        let mut day = Local { hour: 0, minute: 0, second: 0, ..after };
        let later = (after.hour, after.minute, after.second + 1);
        if self.is_day(day)
            && let Some(time) = self.time(later)
        {
            return Some(at(day, time));
        }
        let first = self.time((0, 0, 0))?;
        while day.year <= after.year.saturating_add(HORIZON) {
            day = self.following(day);
            if self.is_day(day) {
                return Some(at(day, first));
            }
        }
        None
    }

    /// The next day, or the first day of the next month if no day of this month matches.
    fn following(&self, day: Local) -> Local {
        if self.months.has(day.month) && day.day < days_in(day.year, day.month) {
            return Local { day: day.day + 1, ..day };
        }
        if day.month < 12 {
            return Local { month: day.month + 1, day: 1, ..day };
        }
        Local { year: day.year.saturating_add(1), month: 1, day: 1, ..day }
    }

    fn is_day(&self, day: Local) -> bool {
        if !self.months.has(day.month) {
            return false;
        }
        let last = days_in(day.year, day.month);
        let by_day = self.days.has(day.day) || self.days_from_end >> (last + 1 - day.day) & 1 == 1;
        let weekday = weekday(day.year, day.month, day.day);
        let week = |of: u32| i32::try_from(of.div_ceil(7)).unwrap_or(0);
        let weeks = [week(day.day), -week(last + 1 - day.day)];
        let by_week = self.weeks.iter().any(|(which, week)| *which == weekday && weeks.contains(week));
        let by_weekday = by_week || self.weekdays.has(weekday);
        if self.are_both { by_day && by_weekday } else { by_day || by_weekday }
    }

    /// The first matching time of a day that is not before this one.
    fn time(&self, (hour, minute, second): (u32, u32, u32)) -> Option<(u32, u32, u32)> {
        let first = |set| at_least(set, 0);
        if self.hours.has(hour) {
            if self.minutes.has(minute)
                && let Some(second) = at_least(self.seconds.set, second)
            {
                return Some((hour, minute, second));
            }
            if let Some(minute) = at_least(self.minutes.set, minute + 1) {
                return Some((hour, minute, first(self.seconds.set)?));
            }
        }
        Some((at_least(self.hours.set, hour + 1)?, first(self.minutes.set)?, first(self.seconds.set)?))
    }
}

fn at(day: Local, (hour, minute, second): (u32, u32, u32)) -> Local {
    Local { hour, minute, second, ..day }
}

/// A field without the `&` after it, and whether there was one.
fn both(field: &str) -> (&str, bool) {
    field.strip_suffix('&').map_or((field, false), |field| (field, true))
}

/// `L`, `-3` or `-7--1`: days from the end of the month, as a bit for each; `None` if it is something else.
fn from_end(item: &str) -> Option<Result<u64, ScheduleError>> {
    let day = |word: &str| match word.strip_prefix('-') {
        Some(number) => Some(DAY.number(number)),
        None => is_last(word).then_some(Ok(1)),
    };
    let before_last = item.strip_prefix(['L', 'l']).and_then(|rest| rest.strip_prefix('-')).and_then(digits);
    if let Some(days @ 0..=30) = before_last {
        let why = format!("for the day {days} days before the last one of the month write `-{}`", days + 1);
        return Some(Err(DAY.error(item, &why)));
    }
    let Some(at) = item.get(1..).and_then(|rest| rest.find('-')).map(|at| at + 1) else {
        let why = "days from the end are `-1`, which is the last one, to `-31`";
        return Some(day(item)?.map(|day| 1 << day).map_err(|_| DAY.error(item, why)));
    };
    let (from, to) = (day(item.get(..at)?)?, day(item.get(at + 1..)?)?);
    Some(match (from, to) {
        (Ok(from), Ok(to)) if from >= to => Ok((to..=from).fold(0, |set, day| set | 1 << day)),
        (Ok(_), Ok(_)) => Err(DAY.error(item, "its end comes before its beginning")),
        (Err(error), _) | (_, Err(error)) => Err(error),
    })
}

/// `mon#2`, `mon#-1` or `monL`: the weekday and its week in the month.
fn week(item: &str) -> Result<Option<(u32, i32)>, ScheduleError> {
    let day = |word: &str| WEEKDAY.number(word).map(|day| day % 7);
    if let Some((weekday, _)) = item.split_once('%') {
        let day = if day(weekday).is_ok() { weekday } else { "mon" };
        return Err(ScheduleError::new(format!(
            "`{}` is not a valid weekday: weeks are not counted here; write `{day}`, and let the job look at the week \
             of its tick, `ctx.tick()`, or write `{day}#1,{day}#3` for the first and the third in each month",
            item.escape_debug()
        )));
    }
    if let Some((weekday, week)) = item.split_once('#') {
        let number = if is_last(week) { Some(-1) } else { week.parse::<i32>().ok() };
        let number = number.filter(|number| (1..=5).contains(&number.unsigned_abs()) && !week.starts_with('+'));
        return match number {
            Some(week) => day(weekday).map(|day| Some((day, week))),
            None => Err(ScheduleError::new(format!(
                "`{}` is not a valid weekday: after `#` write a number from 1 to 5, or -1 for the last of the month",
                item.escape_debug()
            ))),
        };
    }
    match item.strip_suffix(['l', 'L']) {
        Some(weekday) if !weekday.is_empty() => day(weekday).map(|day| Some((day, -1))),
        _ => Ok(None),
    }
}

fn count(fields: usize) -> ScheduleError {
    ScheduleError::new(format!(
        "a cron line has five fields (minute, hour, day, month, weekday), or six with seconds in front; this one has {fields}"
    ))
}
