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
}

impl<'a> Reading<'a> {
    pub(crate) fn new(file: &'a str, text: &'a str) -> Self {
        Self { file, text, lookup: None, faults: Vec::new() }
    }

    pub(crate) fn fault(&mut self, place: Place, words: impl Into<String>) {
        // Words of the file may hold anything; a fault stays on its line.
        let words = words.into().split(char::is_control).collect::<Vec<_>>().join(" ");
        let fault = (place, words);
        // Sections that share a part through an anchor find the same faults in it.
        if !self.faults.contains(&fault) {
            self.faults.push(fault);
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
            Kind::Bool | Kind::Whole(_) | Kind::Fraction => format!("`{}`", self.written(node)),
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
            Ok(Some(value)) if value != text => format!("`{written}`, where the variables make `{value}`"),
            _ => format!("`{written}`"),
        }
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
        self.faults.sort_by_key(|(place, _)| *place);
        let line =
            |(Place { line, column }, words): &(Place, String)| format!("{}:{line}:{column}: {words}", self.file);
        Err(Error::invalid(self.faults.iter().map(line).collect::<Vec<_>>().join("\n")))
    }
}
