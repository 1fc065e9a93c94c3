//! The few expressions of Ruby by which files look a variable up.

use crate::reading::Lookup;

/// What a look-up gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// A value, or Ruby's `nil`.
    Value(Option<String>),
    /// `ENV.fetch` of a variable that is not set.
    Missing(String),
}

/// The value of `ENV["X"]`, `ENV.fetch("X", 5)`, `ENV.fetch("X") { 5 }`, `ENV["X"] || 5`, `Integer(..)`, of these with
/// `.presence`, `.to_i` or `.to_s`, and of plain numbers and texts; `None` for all else.
pub(crate) fn answer(code: &str, lookup: Lookup<'_>) -> Option<Answer> {
    let mut cursor = Cursor { rest: code, lookup, depth: 0 };
    let answer = cursor.expression()?;
    cursor.rest.trim().is_empty().then_some(answer)
}

/// More brackets than this no look-up has.
const DEEPEST: usize = 8;

struct Cursor<'a> {
    rest: &'a str,
    lookup: Lookup<'a>,
    depth: usize,
}

impl<'a> Cursor<'a> {
    /// Whether the next word is this one, which is then behind.
    fn eat(&mut self, word: &str) -> bool {
        let rest = self.rest.trim_start().strip_prefix(word);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    /// Terms with `||` between them: the first that is something.
    fn expression(&mut self) -> Option<Answer> {
        let mut answer = self.term()?;
        while self.eat("||") {
            let other = self.term()?;
            if answer == Answer::Value(None) {
                answer = other;
            }
        }
        Some(answer)
    }

    fn term(&mut self) -> Option<Answer> {
        let mut answer = self.operand()?;
        loop {
            answer = match answer {
                Answer::Value(value) if self.eat(".to_i") => Answer::Value(Some(to_i(value.as_deref()))),
                Answer::Value(value) if self.eat(".to_s") => Answer::Value(Some(value.unwrap_or_default())),
                Answer::Value(value) if self.eat(".presence") => {
                    Answer::Value(value.filter(|value| !value.trim().is_empty()))
                }
                Answer::Missing(name) if self.eat(".to_i") || self.eat(".to_s") => Answer::Missing(name),
                other => return Some(other),
            }
        }
    }

    fn operand(&mut self) -> Option<Answer> {
        if self.eat("ENV.fetch(") {
            return self.fetch();
        }
        if self.eat("ENV[") {
            let name = self.quoted()?;
            return self.eat("]").then(|| Answer::Value((self.lookup)(name)));
        }
        if self.eat("Integer(") || self.eat("(") {
            self.depth += 1;
            let answer = if self.depth > DEEPEST { None } else { self.expression() };
            return answer.filter(|_| self.eat(")"));
        }
        self.literal()
    }

    /// After `ENV.fetch(`.
    fn fetch(&mut self) -> Option<Answer> {
        let name = self.quoted()?;
        let mut fallback = if self.eat(",") { Some(self.expression()?) } else { None };
        if !self.eat(")") {
            return None;
        }
        if fallback.is_none() && self.eat("{") {
            fallback = Some(self.expression()?);
            if !self.eat("}") {
                return None;
            }
        }
        let value = (self.lookup)(name).map(|value| Answer::Value(Some(value)));
        Some(value.or(fallback).unwrap_or_else(|| Answer::Missing(name.to_owned())))
    }

    /// A text between quotes that needs no reading.
    fn quoted(&mut self) -> Option<&'a str> {
        let quote = if self.eat("\"") { '"' } else { self.eat("'").then_some('\'')? };
        let (text, rest) = self.rest.split_once(quote)?;
        self.rest = rest;
        (!text.contains('\\') && !text.contains("#{")).then_some(text)
    }

    /// `nil`, a number or a text.
    fn literal(&mut self) -> Option<Answer> {
        if self.eat("nil") {
            return Some(Answer::Value(None));
        }
        let word = ["true", "false"].into_iter().find(|word| self.eat(word));
        let text = word.map(str::to_owned).or_else(|| self.number()).or_else(|| self.quoted().map(str::to_owned));
        text.map(|text| Answer::Value(Some(text)))
    }

    fn number(&mut self) -> Option<String> {
        let rest = self.rest.trim_start();
        let length = rest.find(|c: char| !c.is_ascii_digit() && c != '.' && c != '_').unwrap_or(rest.len());
        let (digits, after) = rest.split_at(length);
        // `5.to_i` and `5.` are not ours to read.
        if !digits.starts_with(|c: char| c.is_ascii_digit()) || digits.ends_with(['.', '_']) {
            return None;
        }
        self.rest = after;
        Some(digits.replace('_', ""))
    }
}

/// Ruby's: the whole number that the text begins with, else zero.
fn to_i(text: Option<&str>) -> String {
    let text = text.unwrap_or_default().trim_start();
    let (sign, digits) = text.strip_prefix('-').map_or(("", text), |digits| ("-", digits));
    let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
    match digits.get(..end).unwrap_or_default().trim_start_matches('0') {
        "" => "0".to_owned(),
        digits => [sign, digits].concat(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(code: &str) -> Option<Answer> {
        answer(code, &|name| match name {
            "N" => Some("12".to_owned()),
            "EMPTY" => Some(String::new()),
            "WORD" => Some("12 monkeys".to_owned()),
            _ => None,
        })
    }

    #[test]
    fn look_ups_are_answered_as_ruby_does() {
        for (code, value) in [
            ("ENV[\"N\"]", Some("12")),
            ("ENV['N']", Some("12")),
            ("ENV[\"M\"]", None),
            ("ENV[\"M\"] || 5", Some("5")),
            ("ENV[\"M\"] || ENV['N'] || 5", Some("12")),
            ("ENV[\"EMPTY\"] || 5", Some("")),
            ("ENV[\"EMPTY\"].presence || 5", Some("5")),
            ("ENV.fetch(\"N\")", Some("12")),
            ("ENV.fetch(\"M\", 5)", Some("5")),
            ("ENV.fetch('M', '5')", Some("5")),
            ("ENV.fetch( \"M\" , 0.5 )", Some("0.5")),
            ("ENV.fetch(\"M\") { 1_000 }", Some("1000")),
            ("ENV.fetch(\"M\") { ENV.fetch(\"N\", 3) }", Some("12")),
            ("ENV.fetch(\"M\", nil)", None),
            ("ENV.fetch(\"M\", \"*\")", Some("*")),
            ("ENV[\"WORD\"].to_i", Some("12")),
            ("ENV[\"M\"].to_i", Some("0")),
            ("(ENV[\"M\"] || 5).to_i", Some("5")),
            ("Integer(ENV.fetch(\"N\", 5))", Some("12")),
            ("5", Some("5")),
        ] {
            assert_eq!(of(code), Some(Answer::Value(value.map(str::to_owned))), "{code}");
        }
        assert_eq!(of("ENV.fetch(\"M\").to_i"), Some(Answer::Missing("M".to_owned())));
        assert_eq!(of("ENV[\"N\"] || ENV.fetch(\"M\")"), Some(Answer::Value(Some("12".to_owned()))));
    }

    #[test]
    fn all_other_ruby_is_no_look_up() {
        for code in [
            "",
            "Rails.env",
            "ENV",
            "ENV[N]",
            "ENV[\"N\"",
            "ENV[\"N\"] * 2",
            "ENV[\"N#{1}\"]",
            "ENV.fetch(\"M\") { |name| 5 }",
            "ENV.fetch(\"M\", 5) if true",
            "ENV[\"N\"] ? 1 : 2",
            "system('true')",
            "5.",
            "((((((((((5))))))))))",
        ] {
            assert_eq!(of(code), None, "{code}");
        }
    }
}
