//! Evaluates the few Ruby expressions that read a variable of the environment.

use crate::document::Lookup;

/// The result of an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Evaluated {
    /// A value, or Ruby's `nil`.
    Value(Option<String>),
    /// `ENV.fetch` of a variable that is not set.
    MissingVariable(String),
}

/// Evaluates `ENV["X"]`, `ENV.fetch("X", 5)`, `ENV.fetch("X") { 5 }`, `ENV["X"] || 5`, `Integer(..)`, these with
/// `.presence`, `.to_i` or `.to_s`, and plain numbers and texts; `None` for everything else.
pub(crate) fn evaluate(code: &str, lookup: Lookup<'_>) -> Option<Evaluated> {
    let mut cursor = Cursor::new(code, lookup);
    let value = cursor.expression()?;
    cursor.is_at_end().then_some(value)
}

/// How deeply brackets may be nested. Deeper nesting could overflow the stack.
const DEEPEST: usize = 8;

/// A position in Ruby code.
pub(super) struct Cursor<'a> {
    rest: &'a str,
    lookup: Lookup<'a>,
    depth: usize,
}

impl<'a> Cursor<'a> {
    pub(super) const fn new(code: &'a str, lookup: Lookup<'a>) -> Self {
        Self { rest: code, lookup, depth: 0 }
    }

    pub(super) fn is_at_end(&self) -> bool {
        self.rest.trim().is_empty()
    }

    pub(super) fn is_set(&self, variable: &str) -> bool {
        (self.lookup)(variable).is_some()
    }

    /// Whether a comparison with a text follows.
    pub(super) fn is_compared(&self) -> bool {
        ["==", "!="].into_iter().any(|sign| self.rest.trim_start().starts_with(sign))
    }

    /// Reads what is between brackets; `None` if they are nested too deeply.
    pub(super) fn nested<T>(&mut self, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        self.depth += 1;
        if self.depth > DEEPEST { None } else { read(self) }
    }

    /// A name of letters, digits and underscores.
    pub(super) fn word(&mut self) -> Option<&'a str> {
        let end = self.rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        (!word.is_empty()).then_some(word)
    }

    /// Skips the next word if it is this one.
    pub(super) fn eat(&mut self, word: &str) -> bool {
        let rest = self.rest.trim_start().strip_prefix(word);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    /// Terms with `||` between them: the first one that is not `nil`.
    pub(super) fn expression(&mut self) -> Option<Evaluated> {
        let mut value = self.term()?;
        while self.eat("||") {
            let other = self.term()?;
            if value == Evaluated::Value(None) {
                value = other;
            }
        }
        Some(value)
    }

    /// A variable, a literal or what is between brackets, with its conversions.
    pub(super) fn term(&mut self) -> Option<Evaluated> {
        let mut result = self.operand()?;
        loop {
            result = match result {
                Evaluated::Value(value) if self.eat(".to_i") => Evaluated::Value(Some(to_i(value.as_deref()))),
                Evaluated::Value(value) if self.eat(".to_s") => Evaluated::Value(Some(value.unwrap_or_default())),
                Evaluated::Value(value) if self.eat(".presence") => {
                    Evaluated::Value(value.filter(|value| !value.trim().is_empty()))
                }
                Evaluated::MissingVariable(name) if self.eat(".to_i") || self.eat(".to_s") => {
                    Evaluated::MissingVariable(name)
                }
                other => return Some(other),
            }
        }
    }

    fn operand(&mut self) -> Option<Evaluated> {
        if self.eat("ENV.fetch(") {
            return self.fetch();
        }
        if self.eat("ENV[") {
            let name = self.quoted()?;
            return self.eat("]").then(|| Evaluated::Value((self.lookup)(name)));
        }
        if self.eat("Integer(") || self.eat("(") {
            return self.nested(Self::expression).filter(|_| self.eat(")"));
        }
        self.literal()
    }

    /// The rest after `ENV.fetch(`.
    fn fetch(&mut self) -> Option<Evaluated> {
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
        let value = (self.lookup)(name).map(|value| Evaluated::Value(Some(value)));
        Some(value.or(fallback).unwrap_or_else(|| Evaluated::MissingVariable(name.to_owned())))
    }

    /// A text between quotes, without escapes and interpolation.
    pub(super) fn quoted(&mut self) -> Option<&'a str> {
        let quote = if self.eat("\"") { '"' } else { self.eat("'").then_some('\'')? };
        let (text, rest) = self.rest.split_once(quote)?;
        self.rest = rest;
        (!text.contains('\\') && !text.contains("#{")).then_some(text)
    }

    /// `nil`, a number or a text.
    fn literal(&mut self) -> Option<Evaluated> {
        if self.eat("nil") {
            return Some(Evaluated::Value(None));
        }
        let word = ["true", "false"].into_iter().find(|word| self.eat(word));
        let text = word.map(str::to_owned).or_else(|| self.number()).or_else(|| self.quoted().map(str::to_owned));
        text.map(|text| Evaluated::Value(Some(text)))
    }

    fn number(&mut self) -> Option<String> {
        let rest = self.rest.trim_start();
        let length = rest.find(|c: char| !c.is_ascii_digit() && c != '.' && c != '_').unwrap_or(rest.len());
        let (digits, after) = rest.split_at(length);
        // `5.to_i` and `5.` are not read.
        if !digits.starts_with(|c: char| c.is_ascii_digit()) || digits.ends_with(['.', '_']) {
            return None;
        }
        self.rest = after;
        Some(digits.replace('_', ""))
    }
}

/// As in Ruby: the whole number at the beginning of the text, or zero.
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

    fn of(code: &str) -> Option<Evaluated> {
        evaluate(code, &|name| match name {
            "N" => Some("12".to_owned()),
            "EMPTY" => Some(String::new()),
            "WORD" => Some("12 monkeys".to_owned()),
            _ => None,
        })
    }

    #[test]
    fn variables_are_read_as_ruby_reads_them() {
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
            assert_eq!(of(code), Some(Evaluated::Value(value.map(str::to_owned))), "{code}");
        }
        assert_eq!(of("ENV.fetch(\"M\").to_i"), Some(Evaluated::MissingVariable("M".to_owned())));
        assert_eq!(of("ENV[\"N\"] || ENV.fetch(\"M\")"), Some(Evaluated::Value(Some("12".to_owned()))));
    }

    #[test]
    fn all_other_ruby_is_refused() {
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
