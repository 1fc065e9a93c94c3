//! What is known while a file is read: its text, the variables, and what was found wrong.

use jobs_core::Error;

use crate::node::{Kind, Node, Place};
use crate::variables;

/// Asks for a variable of the environment.
pub(crate) type Lookup<'a> = &'a dyn Fn(&str) -> Option<String>;

/// Collects faults, so that all are said at once.
pub(crate) struct Reading<'a> {
    file: &'a str,
    text: &'a str,
    /// Set while the section is read that counts. In the others variables are not known.
    pub(crate) lookup: Option<Lookup<'a>>,
    faults: Vec<(Place, String)>,
    warnings: Vec<(Place, String)>,
}

impl<'a> Reading<'a> {
    pub(crate) fn new(file: &'a str, text: &'a str) -> Self {
        Self { file, text, lookup: None, faults: Vec::new(), warnings: Vec::new() }
    }

    pub(crate) fn fault(&mut self, place: Place, words: impl Into<String>) {
        note(&mut self.faults, place, &words.into());
    }

    /// Says what is read otherwise than it was meant, or not at all. Only of what counts: the other sections are not
    /// those that run.
    pub(crate) fn warn(&mut self, place: Place, words: impl Into<String>) {
        if self.lookup.is_some() {
            note(&mut self.warnings, place, &words.into());
        }
    }

    /// Says that `key` is `what`, and that the node is something else.
    pub(crate) fn wrong(&mut self, key: &str, what: &str, node: &Node, advice: &str) {
        let shown = self.shown(node);
        self.fault(node.place, format!("`{key}` is {what}, and this is {shown}{advice}"));
    }

    /// The text of a node with its variables in place; nothing if one of them is not known.
    pub(crate) fn expand(&mut self, node: &Node, text: &str) -> Option<String> {
        match variables::expand(text, self.lookup) {
            Ok(expanded) => expanded,
            Err(faults) => {
                for words in faults {
                    self.fault(node.place, words);
                }
                None
            }
        }
    }

    /// The node as people wrote it.
    pub(crate) fn shown(&self, node: &Node) -> String {
        match &node.kind {
            Kind::List(list) if list.is_empty() => "an empty list".to_owned(),
            Kind::List(_) => "a list".to_owned(),
            Kind::Mapping(entries) if entries.is_empty() => "an empty mapping".to_owned(),
            Kind::Mapping(_) => "a mapping".to_owned(),
            Kind::Empty => "empty".to_owned(),
            Kind::Text(text) => self.shown_text(node, text),
            Kind::Whole(number) if self.is_looked_up(node) => self.made(node, &number.to_string()),
            Kind::Bool(_) | Kind::Whole(_) | Kind::Fraction(_) => format!("`{}`", self.written(node)),
        }
    }

    fn shown_text(&self, node: &Node, text: &str) -> String {
        if text.is_empty() {
            return "empty text".to_owned();
        }
        if text.contains('\n') {
            return "text of several lines".to_owned();
        }
        let written = self.written(node);
        match variables::expand(text, self.lookup) {
            Ok(Some(value)) if value != text || self.is_looked_up(node) => self.made(node, &value),
            _ => format!("`{written}`"),
        }
    }

    fn made(&self, node: &Node, value: &str) -> String {
        format!("`{}`, where the variables make `{value}`", self.written(node))
    }

    /// Whether it is written as a look-up of Ruby's.
    fn is_looked_up(&self, node: &Node) -> bool {
        self.written(node).contains("<%")
    }

    /// The very letters of a scalar.
    pub(crate) fn written(&self, node: &Node) -> &'a str {
        self.text.get(node.range.clone()).unwrap_or_default().trim_end()
    }

    /// Goes on only if nothing was found wrong.
    ///
    /// # Errors
    /// Whatever was found wrong, in the order of the file.
    pub(crate) fn check(&mut self) -> Result<(), Error> {
        if self.faults.is_empty() {
            return Ok(());
        }
        Err(Error::invalid(lines(self.file, std::mem::take(&mut self.faults)).join("\n")))
    }

    /// The warnings in the order of the file, a line each.
    pub(crate) fn warned(&mut self) -> Vec<String> {
        lines(self.file, std::mem::take(&mut self.warnings))
    }
}

fn note(notes: &mut Vec<(Place, String)>, place: Place, words: &str) {
    // Words of the file may hold anything; a note stays on its line.
    let note = (place, words.split(char::is_control).collect::<Vec<_>>().join(" "));
    // Sections that share a part through an anchor find the same in it.
    if !notes.contains(&note) {
        notes.push(note);
    }
}

fn lines(file: &str, mut notes: Vec<(Place, String)>) -> Vec<String> {
    notes.sort_by_key(|(place, _)| *place);
    notes.iter().map(|(Place { line, column }, words)| format!("{file}:{line}:{column}: {words}")).collect()
}
