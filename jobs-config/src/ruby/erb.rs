//! ERB in Ruby's files: look-ups of variables are answered, all else is refused, for there is no Ruby here.
//!
//! A look-up is marked before the text is read as YAML, by a word as long as it, so that all places stay true and
//! nothing of Ruby's letters means anything to YAML. The value is put in place of the mark afterwards.

use crate::node::Place;
use crate::reading::{Lookup, Reading};
use crate::ruby::expression::{Answer, answer};

const OPEN: &str = "<%";
const CLOSE: &str = "%>";
const MARK: &str = "<%=";

const REFUSED: &str = "Ruby is not run here: of ERB only the look-up of a variable is read, as `<%= ENV[\"THREADS\"] %>` \
                       or `<%= ENV.fetch(\"THREADS\", 5) %>`; write plain YAML for all else";

const OPEN_ENDED: &str = "`<%` is not closed in its line; write `<%= ENV[\"NAME\"] %>`";

/// A text with marks, and the value that belongs to each.
pub(crate) struct Marked {
    pub(crate) text: String,
    values: Vec<String>,
}

impl Marked {
    /// Marks all look-ups. What is no look-up, or has no answer, is a fault.
    pub(crate) fn of(reading: &mut Reading<'_>, text: &str, lookup: Lookup<'_>) -> Self {
        let mut marked = Self { text: String::with_capacity(text.len()), values: Vec::new() };
        for (number, line) in (1_u64..).zip(text.split_inclusive('\n')) {
            if line.trim_start().starts_with('#') {
                marked.text.push_str(line);
            } else {
                marked.mark(reading, number, line, lookup);
            }
        }
        marked
    }

    fn mark(&mut self, reading: &mut Reading<'_>, number: u64, line: &str, lookup: Lookup<'_>) {
        let mut rest = line;
        while let Some((before, after)) = rest.split_once(OPEN) {
            let index = line.len() - rest.len() + before.len();
            let column = line.get(..index).unwrap_or_default().chars().count();
            let place = Place { line: number, column: (1_u64..).nth(column).unwrap_or(1) };
            self.text.push_str(before);
            let Some((inside, after)) = after.split_once(CLOSE) else {
                reading.fault(place, OPEN_ENDED);
                break;
            };
            self.put(reading, place, inside, lookup);
            rest = after;
        }
        self.text.push_str(rest);
    }

    fn put(&mut self, reading: &mut Reading<'_>, place: Place, inside: &str, lookup: Lookup<'_>) {
        if inside.starts_with('#') {
            // A comment of Ruby's leaves nothing behind.
            self.text.extend([OPEN, inside, CLOSE].iter().flat_map(|part| part.chars()).map(|_| ' '));
            return;
        }
        let code = inside.strip_prefix('=').map(|code| code.strip_suffix('-').unwrap_or(code));
        let value = match code.and_then(|code| answer(code.trim(), lookup)) {
            None => {
                reading.fault(place, REFUSED);
                return;
            }
            Some(Answer::Value(value)) => value.unwrap_or_default(),
            Some(Answer::Missing(name)) => {
                let words = "is not set: set it, or give it a fallback as in";
                reading.fault(place, format!("the variable `{name}` {words} `<%= ENV.fetch(\"{name}\", 5) %>`"));
                return;
            }
        };
        let digits = self.values.len().to_string();
        // What pads is as long as what it stands for, in bytes and in letters.
        let padding = inside.chars().skip(1 + digits.len()).map(|c| if c.is_ascii() { '_' } else { c });
        self.text.extend([MARK, &digits]);
        self.text.extend(padding);
        self.text.push_str(CLOSE);
        self.values.push(value);
    }

    /// The text of a scalar with the values in place; `None` if there is no mark in it.
    pub(crate) fn filled(&self, scalar: &str) -> Option<String> {
        let mut filled = String::new();
        let mut rest = scalar;
        let mut any = false;
        while let Some((before, after)) = rest.split_once(MARK) {
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
