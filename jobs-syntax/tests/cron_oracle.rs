//! Random cron lines, whose next times are compared with those of a search through every day, hour, minute and second.
#![expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the numbers are those of a calendar")]

mod common;

use common::Random;
use jobs_syntax::schedule::{Local, Rhythm, read};

/// A field as text, and the numbers that it means.
struct Field {
    text: String,
    numbers: [bool; 64],
}

impl Field {
    fn has(&self, number: u64) -> bool {
        usize::try_from(number).ok().and_then(|number| self.numbers.get(number)) == Some(&true)
    }

    fn is_star(&self) -> bool {
        self.text.starts_with('*')
    }

    fn random(random: &mut Random, least: u64, most: u64, is_cyclic: bool) -> Self {
        let mut field = Self { text: String::new(), numbers: [false; 64] };
        for index in 0..[1, 1, 1, 2, 3][random.within(0, 4) as usize] {
            if index > 0 {
                field.text.push(',');
            }
            let item = field.item(random, least, most, is_cyclic);
            field.text += &item;
        }
        field
    }

    fn item(&mut self, random: &mut Random, least: u64, most: u64, is_cyclic: bool) -> String {
        let (from, to, step) = (random.within(least, most), random.within(least, most), random.within(1, most - least));
        let (from, to) = if is_cyclic { (from, to) } else { (from.min(to), from.max(to)) };
        match random.within(0, 5) {
            0 => self.range(least, most, 1, "*".to_owned()),
            1 => self.range(least, most, step, format!("*/{step}")),
            2 if from <= to => self.range(from, to, step, format!("{from}-{to}/{step}")),
            3 if from <= to => self.range(from, to, 1, format!("{from}-{to}")),
            3 => {
                self.range(from, most, 1, String::new());
                self.range(least, to, 1, format!("{from}-{to}"))
            }
            _ => self.range(from, from, 1, from.to_string()),
        }
    }

    fn range(&mut self, from: u64, to: u64, step: u64, text: String) -> String {
        let mut number = from;
        while number <= to {
            self.numbers[number as usize] = true;
            number += step;
        }
        text
    }
}

/// A line, and everything that a naive search has to know of it.
struct Line {
    text: String,
    /// Second, minute, hour, day, month, weekday.
    fields: [Field; 6],
    has_last_day: bool,
    /// A weekday in one week of the month; week 0 is the last one.
    in_week: Option<(u64, u64)>,
    are_both: bool,
}

impl Line {
    fn random(random: &mut Random) -> Self {
        let mut second = Field::random(random, 0, 59, false);
        let has_seconds = random.within(0, 5) == 0;
        if !has_seconds {
            second = Field { text: "0".to_owned(), numbers: [false; 64] };
            second.numbers[0] = true;
        }
        let minute = Field::random(random, 0, 59, false);
        let hour = Field::random(random, 0, 23, true);
        let day = Field::random(random, 1, 31, false);
        let month = Field::random(random, 1, 12, true);
        let weekday = Field::random(random, 0, 6, true);
        let has_last_day = random.within(0, 7) == 0;
        let in_week = (random.within(0, 3) == 0).then(|| (random.within(0, 6), random.within(0, 5)));
        let has_and = random.within(0, 5) == 0;
        let days = day.text.clone() + if has_last_day { ",L" } else { "" };
        let mut weekdays = weekday.text.clone();
        if let Some((day, week)) = in_week {
            let week = if week == 0 { "L".to_owned() } else { format!("#{week}") };
            weekdays = format!("{weekdays},{day}{week}");
        }
        weekdays += if has_and { "&" } else { "" };
        let seconds = if has_seconds { second.text.clone() + " " } else { String::new() };
        let text = format!("{seconds}{} {} {days} {} {weekdays}", minute.text, hour.text, month.text);
        let are_both = has_and || day.is_star() || weekday.is_star();
        Self { text, fields: [second, minute, hour, day, month, weekday], has_last_day, in_week, are_both }
    }

    /// Whether the line names this day, given as days since 1970.
    fn is_day(&self, number: i64) -> bool {
        let [_, _, _, days, months, weekdays] = &self.fields;
        let (_, month, day) = date(number);
        let weekday = (number + 4).rem_euclid(7) as u64;
        // The same weekday a week later is in another month.
        let is_last_week = date(number + 7).1 != month;
        let is_last_day = date(number + 1).1 != month;
        let in_week = self.in_week.is_some_and(|(which, week)| {
            which == weekday && if week == 0 { is_last_week } else { day.div_ceil(7) == week }
        });
        let by_day = days.has(day) || (self.has_last_day && is_last_day);
        let by_weekday = weekdays.has(weekday) || in_week;
        months.has(month) && if self.are_both { by_day && by_weekday } else { by_day || by_weekday }
    }

    /// The first second of a day, from `from` on, that the line names.
    fn second_of_day(&self, from: u64) -> Option<u64> {
        let [seconds, minutes, hours, ..] = &self.fields;
        let minutes = (from / 60..1440).filter(|at| hours.has(at / 60) && minutes.has(at % 60));
        minutes.flat_map(|at| at * 60..at * 60 + 60).find(|at| *at >= from && seconds.has(at % 60))
    }

    fn next(&self, day: i64, second: u64) -> Option<(i64, u64)> {
        let rest = self.is_day(day).then(|| self.second_of_day(second + 1)).flatten();
        let later = || {
            let later = (day + 1..day + 48 * 366).find(|later| self.is_day(*later))?;
            self.second_of_day(0).map(|second| (later, second))
        };
        rest.map(|second| (day, second)).or_else(later)
    }
}

/// Year, month and day of a number of days since 1970 (Howard Hinnant's `civil_from_days`).
fn date(days: i64) -> (i32, u64, u64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year as i32, month as u64, day as u64)
}

fn local(day: i64, second: u64) -> Local {
    let (year, month, date) = date(day);
    let [hour, minute, second] = [second / 3600, second / 60 % 60, second % 60].map(|part| part as u32);
    Local { hour, minute, second, ..Local::midnight(year, month as u32, date as u32) }
}

#[test]
fn the_next_time_of_a_line_is_that_of_a_search_through_every_second() {
    let mut random = Random(3);
    let mut refused = 0;
    for _ in 0..4000 {
        let line = Line::random(&mut random);
        let (mut day, mut second) = (i64::from(random.within(0, 60_000) as u32), random.within(0, 86_399));
        let cron = match read(&line.text) {
            Ok(written) => match written.rhythm {
                Rhythm::Cron(cron) => cron,
                Rhythm::Every(_) => panic!("`{}` is a cron line", line.text),
            },
            Err(error) => {
                assert!(error.to_string().contains("never fires"), "`{}`: {error}", line.text);
                assert_eq!(line.next(10_957, 0), None, "`{}` fires", line.text);
                refused += 1;
                continue;
            }
        };
        for _ in 0..4 {
            let expected = line.next(day, second);
            let found = cron.next(local(day, second));
            assert_eq!(found, expected.map(|(day, second)| local(day, second)), "`{}` after {day}:{second}", line.text);
            let Some(next) = expected else { break };
            (day, second) = next;
        }
    }
    assert!(refused < 400, "most random lines fire: {refused} do not");
}
