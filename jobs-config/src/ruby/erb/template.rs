//! Replaces ERB by markers before the text is parsed as YAML, and the markers by values afterwards.
//!
//! A marker has the same length as the ERB it replaces, so that all locations stay correct, and contains nothing that has
//! a meaning in YAML.

use crate::document::{Diagnostics, Location, Lookup};
use crate::ruby::erb::branches::Branches;
use crate::ruby::erb::condition::chosen;
use crate::ruby::erb::expression::{Evaluated, evaluate};

const OPEN: &str = "<%";
const CLOSE: &str = "%>";
const MARKER: &str = "<%=";

const REFUSED: &str = "Ruby is not run here: the ERB that is read is a variable or a condition, as `<%= ENV[\"THREADS\"] %>` or \
                       `<%= ENV.fetch(\"THREADS\", 5) %>`; write plain YAML for everything else";

const NOT_CLOSED: &str = "`<%` is not closed in its line; write `<%= ENV[\"NAME\"] %>`";

/// Evaluates the Ruby between `<%=` and `%>`; `None` if it is not read.
type Evaluate<'a> = &'a dyn Fn(&str) -> Option<Evaluated>;

/// A text with markers, and the value of each marker.
pub(crate) struct ErbTemplate {
    pub(crate) text: String,
    values: Vec<String>,
}

impl ErbTemplate {
    /// Replaces all ERB by markers. ERB other than a variable or a condition, and a variable without a value, is an error.
    /// Without an environment the lines of all branches are read.
    pub(crate) fn of(
        diagnostics: &mut Diagnostics<'_>,
        text: &str,
        environment: Option<&str>,
        lookup: Lookup<'_>,
    ) -> Self {
        let mut template = Self { text: String::with_capacity(text.len()), values: Vec::new() };
        let mut branches = Branches::new(environment);
        for (number, line) in (1_u64..).zip(text.split_inclusive('\n')) {
            if line.trim_start().starts_with('#') {
                template.text.push_str(line);
            } else if !branches.is_read(diagnostics, number, line, lookup) {
                // The numbers of the lines stay.
                template.text.push('\n');
            } else {
                let evaluate =
                    |code: &str| evaluate(code, lookup).or_else(|| chosen(code, environment.unwrap_or(""), lookup));
                template.add_line(diagnostics, number, line, &evaluate);
            }
        }
        branches.end(diagnostics);
        template
    }

    fn add_line(&mut self, diagnostics: &mut Diagnostics<'_>, number: u64, line: &str, evaluate: Evaluate<'_>) {
        let mut rest = line;
        let mut location = Location { line: number, column: 1 };
        while let Some((before, after)) = rest.split_once(OPEN) {
            location = location.further(before);
            self.text.push_str(before);
            let Some((inside, after)) = after.split_once(CLOSE) else {
                diagnostics.error(location, NOT_CLOSED);
                break;
            };
            self.add_erb(diagnostics, location, inside, evaluate);
            location = location.further(OPEN).further(inside).further(CLOSE);
            rest = after;
        }
        self.text.push_str(rest);
    }

    fn add_erb(&mut self, diagnostics: &mut Diagnostics<'_>, location: Location, inside: &str, evaluate: Evaluate<'_>) {
        if inside.starts_with('#') {
            // A comment of ERB becomes white space.
            self.text.extend([OPEN, inside, CLOSE].iter().flat_map(|part| part.chars()).map(|_| ' '));
            return;
        }
        let code = inside.strip_prefix('=').map(|code| code.strip_suffix('-').unwrap_or(code));
        let value = match code.and_then(|code| evaluate(code.trim())) {
            None => {
                diagnostics.error(location, REFUSED);
                return;
            }
            Some(Evaluated::Value(value)) => value.unwrap_or_default(),
            Some(Evaluated::MissingVariable(name)) => {
                let advice = "set it, or give it a fallback as in";
                diagnostics.error(
                    location,
                    format!("the variable `{name}` is not set: {advice} `<%= ENV.fetch(\"{name}\", 5) %>`"),
                );
                return;
            }
        };
        let digits = self.values.len().to_string();
        // The padding keeps the length in bytes and in characters, since locations count both.
        let padding = inside.chars().skip(1 + digits.len()).map(|c| if c.is_ascii() { '_' } else { c });
        self.text.extend([MARKER, &digits]);
        self.text.extend(padding);
        self.text.push_str(CLOSE);
        self.values.push(value);
    }

    /// The text of a scalar with values in place of markers; `None` if it has no marker.
    pub(crate) fn filled(&self, scalar: &str) -> Option<String> {
        let mut filled = String::new();
        let mut rest = scalar;
        let mut any = false;
        while let Some((before, after)) = rest.split_once(MARKER) {
            let Some((inside, after)) = after.split_once(CLOSE) else { break };
            let digits = inside.split('_').next().unwrap_or_default();
            let Some(value) = digits.parse::<usize>().ok().and_then(|index| self.values.get(index)) else { break };
            filled.extend([before, value]);
            rest = after;
            any = true;
        }
        filled.push_str(rest);
        any.then_some(filled)
    }
}
