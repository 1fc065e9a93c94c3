//! Reads days in English: weekdays, and days of the month.

use crate::schedule::ScheduleError;
use crate::schedule::dialect::Dialect;
use crate::schedule::english::word_stream::Words;
use crate::schedule::field::{DAY, WEEKDAY, digits};

/// Days of the month, and days counted from its end (1 is the last), a bit for each.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct DaysOfMonth {
    pub(crate) days: u64,
    pub(crate) from_end: u64,
}

pub(crate) const MONDAY_TO_FRIDAY: u64 = 0b011_1110;
const WEEKEND: u64 = 0b100_0001;

/// Whether a weekday follows, or `weekday`, or `monday-friday`.
pub(crate) fn is_weekday_next(words: &Words<'_>) -> bool {
    words.peek().is_some_and(|word| weekday_item(word).is_some())
}

/// The weekdays after `every`. For `fugit`, what follows a range after `and` or `or` does not count.
pub(crate) fn each_weekday(words: &mut Words<'_>, dialect: &mut Dialect) -> Result<u64, ScheduleError> {
    let mut first = words.clone();
    let is_range = words.peek().and_then(weekday_item).is_some_and(|item| matches!(item, Weekdays::Set(_)))
        || words.peek_at(1).is_some_and(|word| RANGE.contains(&word));
    let set = weekdays(words)?;
    if !(dialect.is_ruby() && is_range) {
        return Ok(set);
    }
    let range = weekday_range(&mut first)?;
    if first.peek().is_some_and(|word| matches!(word, "and" | "or")) && first.eat_joint(is_weekday_next) {
        dialect.surprise("write a task for each", "of weekdays joined by `and` the first range alone counts")?;
        return Ok(range);
    }
    Ok(set)
}

/// The words between the ends of a range.
const RANGE: [&str; 3] = ["to", "through", "-"];

/// `monday`, `mondays and fridays`, `monday to friday`, `mon-fri`, `weekday`.
pub(crate) fn weekdays(words: &mut Words<'_>) -> Result<u64, ScheduleError> {
    let mut set = 0;
    loop {
        set |= weekday_range(words)?;
        if !words.eat_joint(is_weekday_next) {
            return Ok(set);
        }
    }
}

/// `monday`, `monday to friday`, `mon-fri` or `weekday`.
fn weekday_range(words: &mut Words<'_>) -> Result<u64, ScheduleError> {
    let word = words.next().unwrap_or_default().to_owned();
    let item = weekday_item(&word).ok_or_else(|| not_a_weekday(&word))?;
    Ok(match (item, words.eat(&RANGE)) {
        (Weekdays::Set(set), false) => set,
        (Weekdays::Day(from), true) => {
            let to = words.next().unwrap_or_default().to_owned();
            let Some(Weekdays::Day(to)) = weekday_item(&to) else { return Err(not_a_weekday(&to)) };
            WEEKDAY.cyclic(from, to, 1)
        }
        (Weekdays::Day(day), false) => 1 << day,
        (Weekdays::Set(_), true) => return Err(not_a_weekday(&word)),
    })
}

#[derive(Clone, Copy)]
enum Weekdays {
    Day(u32),
    Set(u64),
}

fn weekday_item(word: &str) -> Option<Weekdays> {
    match word {
        "weekday" | "weekdays" => return Some(Weekdays::Set(MONDAY_TO_FRIDAY)),
        "weekend" | "weekends" => return Some(Weekdays::Set(WEEKEND)),
        _ => {}
    }
    let day = |word: &str| WEEKDAY.named(word).or_else(|| WEEKDAY.named(word.strip_suffix('s').unwrap_or(word)));
    match word.split_once('-') {
        Some((from, to)) => Some(Weekdays::Set(WEEKDAY.cyclic(day(from)?, day(to)?, 1))),
        None => day(word).map(Weekdays::Day),
    }
}

fn not_a_weekday(word: &str) -> ScheduleError {
    ScheduleError::new(format!("`{}` is not a weekday; write it as `monday` or `mon`", word.escape_debug()))
}

/// Whether a number and a weekday follow, as `second monday`.
pub(crate) fn is_ordinal_weekday_next(words: &Words<'_>) -> bool {
    let is_ordinal = words.peek().is_some_and(|word| ordinal(word).is_some());
    is_ordinal && words.peek_at(1).is_some_and(|word| weekday_item(word).is_some())
}

/// `1st of the month`, `1st and 15th of the month`, `last day of the month`; `None` if that does not follow. Of several
/// days `fugit` reads the first.
pub(crate) fn of_the_month(words: &mut Words<'_>, dialect: &mut Dialect) -> Option<Result<DaysOfMonth, ScheduleError>> {
    let first = ordinal(words.peek()?)?;
    let mut after = words.clone();
    let mut days = of_month(&mut after);
    after.eat(&["day"]);
    // Without `of the month`, `second` is the unit of time.
    if !(after.eat(&["of"]) && after.eat(&["month"])) {
        return None;
    }
    *words = after;
    if dialect.is_ruby()
        && let Ok(named) = &mut days
        && named.days.count_ones() + named.from_end.count_ones() > 1
    {
        *named = DaysOfMonth::default();
        match first {
            Day::Number(day) => named.days = 1 << day,
            Day::Last => named.from_end = 1 << 1,
        }
        let advice = "write the days as `every month on the 1st and 15th`";
        if let Err(error) = dialect.surprise(advice, "of several days before `of the month` the first alone counts") {
            return Some(Err(error));
        }
    }
    Some(days)
}

/// `day 2`, `days 1, 15`, `1st and 15th`, `1st to 5th`, `last`.
pub(crate) fn of_month(words: &mut Words<'_>) -> Result<DaysOfMonth, ScheduleError> {
    let is_plain = words.eat(&["day", "days"]);
    let read = |word: &str| ordinal(word).or_else(|| digits(word).filter(|_| is_plain).map(Day::Number));
    let is_day = |words: &Words<'_>| words.peek().is_some_and(|word| word == "day" || read(word).is_some());
    let mut found = DaysOfMonth::default();
    loop {
        words.eat(&["day", "on"]);
        let word = words.next().unwrap_or_default().to_owned();
        let from =
            read(&word).ok_or_else(|| DAY.error(&word, "write `on day 2`, `on the 2nd` or `on the last day`"))?;
        match from {
            Day::Last => found.from_end |= 1 << 1,
            Day::Number(from) => {
                let to = match words.peek_at(1).and_then(read) {
                    Some(to) if words.eat(&RANGE) => {
                        words.skip(1);
                        if let Day::Number(to) = to { to } else { DAY.size() }
                    }
                    _ => from,
                };
                let bounds = DAY.number(&from.to_string()).and_then(|from| Ok((from, DAY.number(&to.to_string())?)))?;
                if bounds.0 > bounds.1 && !words.are_ruby() {
                    return Err(
                        DAY.error(&format!("{} to {}", bounds.0, bounds.1), "its end comes before its beginning")
                    );
                }
                found.days |= DAY.cyclic(bounds.0, bounds.1, 1);
            }
        }
        if !words.eat_joint(is_day) {
            words.eat(&["day"]);
            return Ok(found);
        }
    }
}

#[derive(Clone, Copy)]
enum Day {
    Number(u32),
    Last,
}

const ORDINALS: [&str; 20] = [
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
    "thirteenth",
    "fourteenth",
    "fifteenth",
    "sixteenth",
    "seventeenth",
    "eighteenth",
    "nineteenth",
    "twentieth",
];

/// `2nd`, `second`, `twenty-first`, `last`.
fn ordinal(word: &str) -> Option<Day> {
    if word == "last" {
        return Some(Day::Last);
    }
    let number = ["st", "nd", "rd", "th"].iter().find_map(|end| digits(word.strip_suffix(end)?));
    let named =
        |word: &str| ORDINALS.iter().position(|known| *known == word).and_then(|index| u32::try_from(index + 1).ok());
    let tens = |word: &str| match word.split_once('-')? {
        ("twenty", rest) => named(rest).filter(|number| *number < 10).map(|number| number + 20),
        ("thirty", "first") => Some(31),
        _ => None,
    };
    let thirtieth = (word == "thirtieth").then_some(30);
    number.or_else(|| named(word)).or_else(|| tens(word)).or(thirtieth).map(Day::Number)
}
