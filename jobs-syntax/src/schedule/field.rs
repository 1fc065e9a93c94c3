//! One field of a cron line, as a set of small numbers.

use crate::schedule::ScheduleError;
use crate::schedule::dialect::Dialect;

/// The unit that a field counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Unit {
    /// Its name in messages.
    pub(crate) name: &'static str,
    least: u32,
    most: u32,
    /// Names of the numbers from `least` on.
    names: &'static [&'static str],
    /// Whether a range may pass the end, as `fri-mon` does.
    is_cyclic: bool,
}

pub(crate) const SECOND: Unit = Unit { name: "second", least: 0, most: 59, names: &[], is_cyclic: false };
pub(crate) const MINUTE: Unit = Unit { name: "minute", least: 0, most: 59, names: &[], is_cyclic: false };
pub(crate) const HOUR: Unit = Unit { name: "hour", least: 0, most: 23, names: &[], is_cyclic: true };
pub(crate) const DAY: Unit = Unit { name: "day of the month", least: 1, most: 31, names: &[], is_cyclic: false };
pub(crate) const MONTH: Unit = Unit { name: "month", least: 1, most: 12, names: &MONTHS, is_cyclic: true };
/// 7 is Sunday too.
pub(crate) const WEEKDAY: Unit = Unit { name: "weekday", least: 0, most: 7, names: &WEEKDAYS, is_cyclic: true };

pub(crate) const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];
pub(crate) const WEEKDAYS: [&str; 7] = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];

/// The numbers of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Field {
    /// One bit for each number.
    pub(crate) set: u64,
    /// Whether the text began with a star.
    pub(crate) is_star: bool,
}

impl Field {
    /// One number alone.
    pub(crate) const fn only(number: u32) -> Self {
        Self { set: 1 << number, is_star: false }
    }

    /// From one hour to another, also over midnight.
    pub(crate) fn between(from: u32, to: u32) -> Self {
        Self { set: HOUR.cyclic(from, to, 1), is_star: false }
    }

    /// The numbers of both.
    pub(crate) const fn or(self, other: Self) -> Self {
        Self { set: self.set | other.set, is_star: self.is_star && other.is_star }
    }

    pub(crate) fn has(self, number: u32) -> bool {
        number < 64 && self.set >> number & 1 == 1
    }

    /// Whether it names several numbers with a star, so that it follows the passing of time.
    pub(crate) const fn is_steady(self) -> bool {
        self.is_star && self.set.count_ones() > 1
    }

    /// Its numbers in order.
    pub(crate) fn numbers(self) -> impl Iterator<Item = u32> + Clone {
        (0..64).filter(move |number| self.has(*number))
    }
}

impl Unit {
    /// Every number.
    pub(crate) fn all(self) -> Field {
        Field { set: bits(self.least, self.last(), 1), is_star: true }
    }

    /// Reads items with commas between them.
    pub(crate) fn read(self, text: &str, dialect: &mut Dialect) -> Result<Field, ScheduleError> {
        if dialect.is_ruby() && matches!(self, DAY | WEEKDAY) {
            return self.read_as_ruby(text, dialect);
        }
        let mut set = 0;
        for item in items(text, dialect) {
            set |= self.item(item, dialect)?;
        }
        Ok(Field { set: self.without_second_sunday(set), is_star: text.starts_with('*') || text == "?" })
    }

    /// Days or weekdays as `fugit` reads them. A day of the month is no condition if one item alone names all days, as
    /// `*` and `1-31` do. A star among other weekdays says nothing.
    fn read_as_ruby(self, text: &str, dialect: &mut Dialect) -> Result<Field, ScheduleError> {
        let is_open = |item: &str| matches!(item, "*" | "?");
        let has_named = items(text, dialect).any(|item| !is_open(item));
        let (mut set, mut is_star) = (0, !has_named);
        for item in items(text, dialect).filter(|item| self == DAY || !has_named || !is_open(item)) {
            let numbers = self.item(item, dialect)?;
            is_star |= self == DAY && numbers == self.all().set;
            set |= numbers;
        }
        Ok(Field { set: self.without_second_sunday(set), is_star })
    }

    fn without_second_sunday(self, set: u64) -> u64 {
        if self == WEEKDAY && set >> 7 & 1 == 1 { (set & !(1 << 7)) | 1 } else { set }
    }

    /// Every `step` numbers from `from` on.
    pub(crate) fn every(self, from: u32, step: u32) -> Field {
        let set = bits(from.max(self.least), self.last(), step.max(1));
        Field { set, is_star: from <= self.least }
    }

    /// How many numbers there are.
    pub(crate) fn size(self) -> u32 {
        self.last() - self.least + 1
    }

    pub(crate) const fn first(self) -> u32 {
        self.least
    }

    /// The largest number, without a second name for the first one.
    fn last(self) -> u32 {
        if self == WEEKDAY { 6 } else { self.most }
    }

    /// Reads `*`, `5` or `1-5`, each with or without `/2` after it.
    fn item(self, item: &str, dialect: &mut Dialect) -> Result<u64, ScheduleError> {
        if item.contains('~') {
            return Err(self.error(item, "numbers at random, as `~`, are not read; choose one and write it"));
        }
        let (range, step) = match item.split_once('/') {
            Some((range, step)) => (range, Some(self.step(step, item, dialect)?)),
            None => (item, None),
        };
        let (from, to) = match range.split_once('-') {
            Some((from, to)) => (self.number_in(from, dialect)?, self.number_in(to, dialect)?),
            None if range == "*" || (range.is_empty() && step.is_some() && dialect.is_ruby()) => {
                (self.least, self.last())
            }
            None if range == "?" && (self == DAY || self == WEEKDAY) => (self.least, self.most),
            // For `fugit` a weekday with a step is that weekday.
            None if self == WEEKDAY && dialect.is_ruby() => self.number(range).map(|number| (number, number))?,
            // As in other implementations, `5/10` goes from 5 to the end of the range.
            None if step.is_some() => (self.number_in(range, dialect)?, self.last()),
            None => self.number_in(range, dialect).map(|number| (number, number))?,
        };
        self.range(from, to, step.unwrap_or(1), item, dialect)
    }

    fn range(self, from: u32, to: u32, step: u32, item: &str, dialect: &Dialect) -> Result<u64, ScheduleError> {
        if from > to && !self.is_cyclic && !dialect.is_ruby() {
            return Err(self.error(item, "its end comes before its beginning"));
        }
        Ok(self.cyclic(from, to, step))
    }

    /// From one number to another, also over the end of the round.
    pub(crate) fn cyclic(self, from: u32, to: u32, step: u32) -> u64 {
        if from <= to {
            return bits(from, to, step);
        }
        let size = self.size();
        let numbers = (from..=to + size).step_by(step as usize);
        numbers.map(|number| (number - self.least) % size + self.least).fold(0, |set, number| set | 1 << number)
    }

    fn step(self, step: &str, item: &str, dialect: &mut Dialect) -> Result<u32, ScheduleError> {
        let number = digits(step).ok_or_else(|| self.error(item, "a step is a number, as in `*/5`"))?;
        if number == 0 {
            return Err(self.error(item, "a step of 0 never moves on"));
        }
        if number > self.size() {
            let advice = match self.letter() {
                Some(letter) => format!("for equal intervals write a duration, as `every {number}{letter}`"),
                None => format!("it is at most {}", self.size()),
            };
            let why = format!("the step is larger than the field, so it would match once in each round; {advice}");
            let name = self.name;
            let meaning = format!(
                "the step of `{}` is larger than the {name}s there are, so it matches once",
                item.escape_debug()
            );
            dialect.surprise(self.wrong(item, &why), meaning)?;
        }
        Ok(number)
    }

    /// The letter of its durations; `None` if its rounds have different lengths.
    pub(crate) fn letter(self) -> Option<&'static str> {
        match self.name {
            "second" => Some("s"),
            "minute" => Some("m"),
            "hour" => Some("h"),
            _ if self == DAY => Some("d"),
            _ => None,
        }
    }

    /// A number in range, or a name; for Ruby the hour 24 is the hour 0.
    fn number_in(self, word: &str, dialect: &Dialect) -> Result<u32, ScheduleError> {
        if dialect.is_ruby() && self == HOUR && word == "24" {
            return Ok(0);
        }
        // `25-L` goes on to the last day, whichever it is.
        if self == DAY && (is_last(word) || (word == "-1" && dialect.is_ruby())) {
            return Ok(self.most);
        }
        self.number(word)
    }

    /// A number in range, or a name.
    pub(crate) fn number(self, word: &str) -> Result<u32, ScheduleError> {
        let number = digits(word).or_else(|| self.named(word)).ok_or_else(|| self.error(word, &self.expected()))?;
        if (self.least..=self.most).contains(&number) { Ok(number) } else { Err(self.error(word, &self.expected())) }
    }

    /// The number of a name, which may be cut to its first three letters.
    pub(crate) fn named(self, word: &str) -> Option<u32> {
        let word = word.to_ascii_lowercase();
        let is_meant = |name: &&str| word == **name || (word.len() == 3 && name.starts_with(&word));
        let index = self.names.iter().position(is_meant)?;
        u32::try_from(index).ok().map(|index| index + self.least)
    }

    fn expected(self) -> String {
        let names = match self.names {
            [first, .., last] => format!(", or a name from `{}` to `{}`", &first[..3], &last[..3]),
            _ => String::new(),
        };
        format!("write a number from {} to {}{names}", self.least, self.most)
    }

    pub(crate) fn error(self, item: &str, why: &str) -> ScheduleError {
        ScheduleError::new(self.wrong(item, why))
    }

    fn wrong(self, item: &str, why: &str) -> String {
        format!("`{}` is not a valid {}: {why}", item.escape_debug(), self.name)
    }
}

/// The items of a list with commas. Ruby's `fugit` passes over those that are empty.
pub(crate) fn items<'t>(text: &'t str, dialect: &Dialect) -> impl Iterator<Item = &'t str> + use<'t> {
    let is_ruby = dialect.is_ruby() && text != ",";
    text.split(',').filter(move |item| !(is_ruby && item.is_empty()))
}

/// Whether the word is `L` or `last`, the last one of the month.
pub(crate) fn is_last(word: &str) -> bool {
    word.eq_ignore_ascii_case("l") || word.eq_ignore_ascii_case("last")
}

/// A whole number with at most four digits.
pub(crate) fn digits(word: &str) -> Option<u32> {
    let is_plain = !word.is_empty() && word.len() <= 4 && word.bytes().all(|byte| byte.is_ascii_digit());
    is_plain.then(|| word.parse().ok()).flatten()
}

fn bits(from: u32, to: u32, step: u32) -> u64 {
    (from..=to).step_by(step as usize).fold(0, |set, number| set | 1 << number)
}
