//! A cron line, and the next time in the calendar that it names.

use crate::Fault;
use crate::calendar::{Local, at_least, days_in, weekday};
use crate::field::{DAY, Field, HOUR, MINUTE, MONTH, SECOND, WEEKDAY};

/// A cron line of five fields, or six with seconds in front, as `0 9 * * mon-fri`.
///
/// If both the days of the month and the weekdays are restricted, one of them is enough, as in every cron; with `&`
/// behind one of the two, both have to fit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cron {
    pub(crate) seconds: Field,
    pub(crate) minutes: Field,
    pub(crate) hours: Field,
    pub(crate) days: Field,
    /// The last day of the month.
    pub(crate) on_last_day: bool,
    pub(crate) months: Field,
    pub(crate) weekdays: Field,
    /// Weekdays that are meant at one place of the month only: the day, and 1 to 5, or 0 for the last.
    pub(crate) places: Vec<(u32, u32)>,
    /// Whether day and weekday have to fit both.
    pub(crate) are_both: bool,
}

/// In so many years every day that there can be has come on every weekday, also around a year without a leap day.
const HORIZON: i32 = 48;

impl Cron {
    /// Reads the five or six fields.
    ///
    /// # Errors
    /// Says which field is wrong and why, or that no day is ever meant.
    pub(crate) fn read(fields: &[&str]) -> Result<Self, Fault> {
        let (seconds, fields) = match fields {
            [seconds, rest @ ..] if rest.len() == 5 => (SECOND.read(seconds)?, rest),
            _ => (Field::only(0), fields),
        };
        let &[minutes, hours, days, months, weekdays] = fields else { return Err(count(fields.len())) };
        let (days, both_by_day) = both(days);
        let (weekdays, both_by_weekday) = both(weekdays);
        let mut cron = Self {
            seconds,
            minutes: MINUTE.read(minutes)?,
            hours: HOUR.read(hours)?,
            days: Field { set: 0, is_star: false },
            on_last_day: false,
            months: MONTH.read(months)?,
            weekdays: Field { set: 0, is_star: false },
            places: Vec::new(),
            are_both: false,
        };
        cron.read_days(days)?;
        cron.read_weekdays(weekdays)?;
        // What begins with a star restricts nothing, or is meant besides the other, as in the cron of Unix.
        cron.are_both = both_by_day || both_by_weekday || cron.days.is_star || cron.weekdays.is_star;
        cron.checked()
    }

    /// A line by its parts in numbers: at these times on all days.
    pub(crate) fn daily(seconds: Field, minutes: Field, hours: Field) -> Self {
        Self {
            seconds,
            minutes,
            hours,
            days: DAY.all(),
            on_last_day: false,
            months: MONTH.all(),
            weekdays: WEEKDAY.all(),
            places: Vec::new(),
            are_both: true,
        }
    }

    fn read_days(&mut self, text: &str) -> Result<(), Fault> {
        let is_last = |item: &&str| item.eq_ignore_ascii_case("l");
        let plain: Vec<&str> = text.split(',').filter(|item| !is_last(item)).collect();
        self.on_last_day = text.split(',').any(|item| is_last(&item));
        if !plain.is_empty() {
            self.days = DAY.read(&plain.join(","))?;
        }
        Ok(())
    }

    fn read_weekdays(&mut self, text: &str) -> Result<(), Fault> {
        let mut plain = Vec::new();
        for item in text.split(',') {
            match place(item)? {
                Some(place) => self.places.push(place),
                None => plain.push(item),
            }
        }
        if !plain.is_empty() {
            self.weekdays = WEEKDAY.read(&plain.join(","))?;
        }
        Ok(())
    }

    fn checked(self) -> Result<Self, Fault> {
        if self.next(Local::midnight(2000, 1, 1)).is_some() {
            return Ok(self);
        }
        Err(Fault::new("it never fires: no month that is named has such a day"))
    }

    /// Whether it goes by the passing of time more than by the clock on the wall: minutes or hours begin with a star. Such
    /// a line is not made up for where clocks are set forward, and goes on as ever where they are set back.
    pub fn is_steady(&self) -> bool {
        self.minutes.is_star || self.hours.is_star
    }

    /// The first time after this one, by the calendar; `None` if there is none within 48 years.
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

    /// The next day, or the first of the next month if this one is not meant at all.
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
        let by_day = self.days.has(day.day) || (self.on_last_day && day.day == last);
        let weekday = weekday(day.year, day.month, day.day);
        let is_at = |place: u32| if place == 0 { day.day + 7 > last } else { day.day.div_ceil(7) == place };
        let by_place = self.places.iter().any(|(which, place)| *which == weekday && is_at(*place));
        let by_weekday = by_place || self.weekdays.has(weekday);
        if self.are_both { by_day && by_weekday } else { by_day || by_weekday }
    }

    /// The first time of a day that is not before this one.
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

/// A field without the `&` behind it, and whether there was one.
fn both(field: &str) -> (&str, bool) {
    field.strip_suffix('&').map_or((field, false), |field| (field, true))
}

/// `mon#2`, `mon#-1` or `monL`: the weekday and its place in the month.
fn place(item: &str) -> Result<Option<(u32, u32)>, Fault> {
    let day = |word: &str| WEEKDAY.number(word).map(|day| day % 7);
    if let Some((weekday, place)) = item.split_once('#') {
        return match place {
            "1" | "2" | "3" | "4" | "5" => day(weekday).map(|day| Some((day, u32::from(place.as_bytes()[0] - b'0')))),
            "-1" | "l" | "L" => day(weekday).map(|day| Some((day, 0))),
            _ => Err(Fault::new(format!(
                "`{}` is no weekday: behind `#` there is a number from 1 to 5, or -1 for the last of the month",
                item.escape_debug()
            ))),
        };
    }
    match item.strip_suffix(['l', 'L']) {
        Some(weekday) if !weekday.is_empty() => day(weekday).map(|day| Some((day, 0))),
        _ => Ok(None),
    }
}

fn count(fields: usize) -> Fault {
    Fault::new(format!(
        "a cron line has five fields (minute, hour, day, month, weekday), or six with seconds in front; this one has {fields}"
    ))
}
