//! Writes a cron line that means what a [`Cron`] means.

use crate::schedule::cron::Cron;
use crate::schedule::field::{DAY, Field, HOUR, MINUTE, MONTH, SECOND, Unit, WEEKDAY};

impl Cron {
    /// The line with five fields, or six with seconds in front.
    pub(crate) fn line(&self) -> String {
        let mut fields = vec![numbers(MINUTE, self.minutes), numbers(HOUR, self.hours), self.days_of_month()];
        fields.extend([numbers(MONTH, self.months), self.days_of_week()]);
        if self.seconds.set != Field::only(0).set {
            fields.insert(0, numbers(SECOND, self.seconds));
        }
        fields.join(" ")
    }

    fn days_of_month(&self) -> String {
        let from_end = Field { set: self.days_from_end, is_star: false };
        let mut items: Vec<String> =
            if self.days.set == 0 { Vec::new() } else { vec![self.day_numbers(DAY, self.days)] };
        items.extend(from_end.numbers().map(|day| format!("-{day}")));
        items.join(",")
    }

    fn days_of_week(&self) -> String {
        let weekdays = self.weekdays;
        let mut items = if weekdays.set == 0 { Vec::new() } else { vec![self.day_numbers(WEEKDAY, weekdays)] };
        items.extend(self.weeks.iter().map(|(day, week)| format!("{day}#{week}")));
        let both = if self.are_both && !self.days.is_star && !weekdays.is_star { "&" } else { "" };
        items.join(",") + both
    }

    /// Days, without a star where a star would make them a condition.
    fn day_numbers(&self, unit: Unit, field: Field) -> String {
        let is_all = field.set == unit.all().set;
        numbers(unit, Field { is_star: field.is_star && (self.are_both || is_all), ..field })
    }
}

/// `*`, `*/5`, or numbers with commas and ranges.
fn numbers(unit: Unit, field: Field) -> String {
    if field.set == unit.all().set && field.is_star {
        return "*".to_owned();
    }
    let step = field.numbers().nth(1).unwrap_or(0).saturating_sub(unit.first());
    if field.is_star && step > 1 && unit.every(unit.first(), step).set == field.set {
        return format!("*/{step}");
    }
    let mut items: Vec<String> = Vec::new();
    let mut rest = field.numbers().peekable();
    while let Some(from) = rest.next() {
        let mut to = from;
        while rest.next_if_eq(&(to + 1)).is_some() {
            to += 1;
        }
        items.push(if from == to { from.to_string() } else { format!("{from}-{to}") });
    }
    items.join(",")
}
