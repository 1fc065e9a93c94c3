//! Evaluates the few Ruby conditions that ask for the environment or for a variable.

use crate::document::Lookup;
use crate::ruby::erb::expression::{Cursor, Evaluated};

/// Whether a condition holds: `Rails.env.production?`, `Rails.env == "production"`, `ENV["X"]`, `ENV["X"].present?`,
/// `ENV["X"] == "1"`, `ENV.key?("X")`, and these with `!`, `&&`, `||` and brackets; `None` for everything else.
pub(crate) fn holds(code: &str, environment: &str, lookup: Lookup<'_>) -> Option<bool> {
    let mut cursor = Cursor::new(code, lookup);
    let holds = any(&mut cursor, environment)?;
    cursor.is_at_end().then_some(holds)
}

/// The value of `Rails.env`, of a condition (`true` or `false`), or of `condition ? value : other`; `None` for everything
/// else.
pub(crate) fn chosen(code: &str, environment: &str, lookup: Lookup<'_>) -> Option<Evaluated> {
    if code == "Rails.env" {
        return Some(Evaluated::Value(Some(environment.to_owned())));
    }
    let mut cursor = Cursor::new(code, lookup);
    // In Ruby `&&` and `||` give a value that need not be `true` or `false`.
    if let Some(holds) = one(&mut cursor, environment)
        && cursor.is_at_end()
        && !code.starts_with('(')
    {
        return Some(Evaluated::Value(Some(holds.to_string())));
    }
    let mut cursor = Cursor::new(code, lookup);
    let holds = any(&mut cursor, environment)?;
    let value = if cursor.eat("?") { cursor.expression()? } else { return None };
    let other = if cursor.eat(":") { cursor.expression()? } else { return None };
    cursor.is_at_end().then_some(if holds { value } else { other })
}

fn any(cursor: &mut Cursor<'_>, environment: &str) -> Option<bool> {
    let mut holds = all(cursor, environment)?;
    while cursor.eat("||") {
        holds |= all(cursor, environment)?;
    }
    Some(holds)
}

fn all(cursor: &mut Cursor<'_>, environment: &str) -> Option<bool> {
    let mut holds = one(cursor, environment)?;
    while cursor.eat("&&") {
        holds &= one(cursor, environment)?;
    }
    Some(holds)
}

fn one(cursor: &mut Cursor<'_>, environment: &str) -> Option<bool> {
    let mut is_negated = false;
    while cursor.eat("!") {
        is_negated = !is_negated;
    }
    let holds = if cursor.eat("(") {
        cursor.nested(|cursor| any(cursor, environment)).filter(|_| cursor.eat(")"))?
    } else if cursor.eat("Rails.env.") {
        let name = cursor.word()?;
        cursor
            .eat("?")
            .then(|| name == environment || (name == "local" && matches!(environment, "development" | "test")))?
    } else if cursor.eat("Rails.env") {
        compared(cursor, Some(environment))?
    } else if ["ENV.key?(", "ENV.has_key?(", "ENV.include?("].into_iter().any(|call| cursor.eat(call)) {
        let name = cursor.quoted()?;
        cursor.eat(")").then(|| cursor.is_set(name))?
    } else if cursor.eat("true") {
        true
    } else if cursor.eat("false") {
        false
    } else {
        let Evaluated::Value(value) = cursor.term()? else { return None };
        asked(cursor, value.as_deref())?
    };
    Some(holds != is_negated)
}

/// What is asked of a value; without a question, whether there is one.
fn asked(cursor: &mut Cursor<'_>, value: Option<&str>) -> Option<bool> {
    let is_present = value.is_some_and(|value| !value.trim().is_empty());
    if cursor.eat(".present?") {
        return Some(is_present);
    }
    if cursor.eat(".blank?") {
        return Some(!is_present);
    }
    if cursor.eat(".nil?") {
        return Some(value.is_none());
    }
    if cursor.is_compared() { compared(cursor, value) } else { Some(value.is_some()) }
}

/// `== "text"` or `!= "text"`; `None` if neither follows.
fn compared(cursor: &mut Cursor<'_>, value: Option<&str>) -> Option<bool> {
    let is_equal = cursor.eat("==");
    if !is_equal && !cursor.eat("!=") {
        return None;
    }
    let other = cursor.quoted()?;
    Some((value == Some(other)) == is_equal)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(code: &str) -> Option<bool> {
        holds(code, "production", &|name| match name {
            "ONE" => Some("1".to_owned()),
            "EMPTY" => Some(String::new()),
            _ => None,
        })
    }

    #[test]
    fn conditions_about_the_environment_and_variables_are_read() {
        for code in [
            "Rails.env.production?",
            "!Rails.env.development?",
            "Rails.env.staging? || Rails.env.production?",
            "Rails.env == 'production'",
            "Rails.env != \"test\" && !Rails.env.local?",
            "ENV[\"ONE\"]",
            "ENV['EMPTY']",
            "!ENV[\"NONE\"]",
            "ENV[\"NONE\"].blank? && ENV[\"EMPTY\"].blank?",
            "ENV[\"ONE\"].present?",
            "ENV[\"NONE\"].nil?",
            "ENV[\"ONE\"] == \"1\"",
            "ENV[\"NONE\"] != \"1\"",
            "ENV.fetch(\"NONE\", \"on\") == \"on\"",
            "ENV.key?(\"ONE\") && (ENV.key?(\"NONE\") || Rails.env.production?)",
            "!(ENV[\"ONE\"] && false)",
        ] {
            assert_eq!(of(code), Some(true), "{code}");
            assert_eq!(of(&format!("!({code})")), Some(false), "{code}");
        }
    }

    #[test]
    fn a_condition_is_a_value_or_chooses_one() {
        let of = |code| match chosen(code, "production", &|name| (name == "ONE").then(|| "1".to_owned())) {
            Some(Evaluated::Value(value)) => value,
            _ => None,
        };
        for (code, value) in [
            ("Rails.env", Some("production")),
            ("Rails.env.production?", Some("true")),
            ("!Rails.env.production?", Some("false")),
            ("ENV[\"ONE\"] == \"1\"", Some("true")),
            ("Rails.env.production? ? 20 : 5", Some("20")),
            ("Rails.env.test? ? 1 : ENV.fetch(\"NONE\", 5)", Some("5")),
            ("Rails.env.test? || ENV[\"ONE\"].present? ? \"a\" : \"b\"", Some("a")),
            ("ENV[\"ONE\"] && ENV[\"NONE\"]", None),
            ("Rails.env.production? ? 20", None),
            ("Rails.env.production? ? 20 : system('x')", None),
            ("Rails.env.upcase", None),
        ] {
            assert_eq!(of(code).as_deref(), value, "{code}");
        }
    }

    #[test]
    fn all_other_conditions_are_refused() {
        for code in [
            "",
            "Rails.env",
            "Rails.env.production",
            "Rails.env.production? and true",
            "Rails.env =~ /prod/",
            "ENV[\"ONE\"] == 1",
            "ENV[\"ONE\"].to_i > 0",
            "ENV.fetch(\"NONE\")",
            "Feature.on?(:x)",
            "ENV[\"ONE\"] ==",
            "(true",
            "true || system('x')",
        ] {
            assert_eq!(of(code), None, "{code}");
        }
        assert_eq!(of(&format!("{}true{}", "(".repeat(99), ")".repeat(99))), None, "it is not nested without a limit");
    }
}
