//! The errors and warnings about a file, with the source text and the variables that they quote.

use jobs_core::url::masked;
use jobs_core::{Error, OneLine};

use crate::document::location::Location;
use crate::document::node::{Kind, Node};
use crate::document::variables::{self, Lookup};

/// Collects errors and warnings, so that all of them are reported at once.
pub(crate) struct Diagnostics<'a> {
    file: &'a str,
    text: &'a str,
    /// The variables of the environment. Set only while the chosen section is read, because the variables of other
    /// environments may be missing here.
    pub(crate) lookup: Option<Lookup<'a>>,
    errors: Messages,
    warnings: Messages,
}

impl<'a> Diagnostics<'a> {
    pub(crate) fn new(file: &'a str, text: &'a str) -> Self {
        Self { file, text, lookup: None, errors: Messages::default(), warnings: Messages::default() }
    }

    pub(crate) fn error(&mut self, location: Location, message: impl Into<String>) {
        self.errors.add(location, &message.into());
    }

    /// As [`error`](Self::error), for messages that cost much to make: a file with very many mistakes gets no more of them.
    pub(crate) fn error_with(&mut self, location: Location, message: impl FnOnce() -> String) {
        if self.errors.is_full() { self.errors.left_out += 1 } else { self.error(location, message()) }
    }

    /// Warns about a setting that is ignored or has another effect here. Only the chosen section has warnings, because
    /// the other sections do not run.
    pub(crate) fn warn(&mut self, location: Location, message: impl Into<String>) {
        if self.lookup.is_some() {
            self.warnings.add(location, &message.into());
        }
    }

    /// As [`warn`](Self::warn), for messages that cost much to make.
    pub(crate) fn warn_with(&mut self, location: Location, message: impl FnOnce() -> String) {
        match (self.lookup.is_some(), self.warnings.is_full()) {
            (true, true) => self.warnings.left_out += 1,
            (true, false) => self.warn(location, message()),
            (false, _) => {}
        }
    }

    /// Reads sections that are not chosen: their variables are unknown, and they have no warnings.
    pub(crate) fn in_other_sections(&mut self, read: impl FnOnce(&mut Self)) {
        let lookup = self.lookup.take();
        read(self);
        self.lookup = lookup;
    }

    /// Reports that `key` is `what`, and that the node is something else.
    pub(crate) fn mismatch(&mut self, key: &str, what: &str, node: &Node, advice: &str) {
        let found = self.describe(node);
        self.error(node.location, format!("`{key}` is {what}, and this is {found}{advice}"));
    }

    /// The text of a node with its variables expanded; `None` if one of them is unknown or wrong.
    pub(crate) fn expand(&mut self, node: &Node, text: &str) -> Option<String> {
        match variables::expand(text, self.lookup) {
            Ok(expanded) => expanded,
            Err(messages) => {
                for message in messages {
                    self.error(node.location, message);
                }
                None
            }
        }
    }

    /// The node in a message, as it is written in the file.
    pub(crate) fn describe(&self, node: &Node) -> String {
        match &node.kind {
            Kind::List(list) if list.is_empty() => "an empty list".to_owned(),
            Kind::List(_) => "a list".to_owned(),
            Kind::Mapping(entries) if entries.is_empty() => "an empty mapping".to_owned(),
            Kind::Mapping(_) => "a mapping".to_owned(),
            Kind::Empty => "empty".to_owned(),
            Kind::Text(text) => self.describe_text(node, text),
            Kind::Whole(number) if self.is_erb(node) => self.describe_expanded(node, &number.to_string()),
            Kind::Bool(_) | Kind::Whole(_) | Kind::Fraction(_) => quoted(self.source_of(node)),
        }
    }

    fn describe_text(&self, node: &Node, text: &str) -> String {
        if text.is_empty() {
            return "empty text".to_owned();
        }
        if text.contains('\n') {
            return "text of several lines".to_owned();
        }
        match variables::expand(text, self.lookup) {
            Ok(Some(value)) if value != text || self.is_erb(node) => self.describe_expanded(node, &value),
            _ => quoted(self.source_of(node)),
        }
    }

    fn describe_expanded(&self, node: &Node, value: &str) -> String {
        format!("{}, which expands to {}", quoted(self.source_of(node)), quoted(value))
    }

    /// Whether the node is written as ERB.
    fn is_erb(&self, node: &Node) -> bool {
        self.source_of(node).contains("<%")
    }

    /// The source text of a scalar.
    pub(crate) fn source_of(&self, node: &Node) -> &'a str {
        self.text.get(node.range.clone()).unwrap_or_default().trim_end()
    }

    /// Fails if there are errors.
    ///
    /// # Errors
    /// All errors so far, in the order of the file, a line each.
    pub(crate) fn check(&mut self) -> Result<(), Error> {
        if self.errors.kept.is_empty() {
            return Ok(());
        }
        Err(Error::invalid(std::mem::take(&mut self.errors).lines(self.file, "mistakes").join("\n")))
    }

    /// The warnings in the order of the file, a line each.
    pub(crate) fn take_warnings(&mut self) -> Vec<String> {
        std::mem::take(&mut self.warnings).lines(self.file, "warnings")
    }
}

/// The most messages that are kept of a file.
const MOST_KEPT: usize = 500;

/// The most messages that are reported of a file.
const MOST_REPORTED: usize = 50;

/// The longest quotation from the file, in characters.
const LONGEST_QUOTE: usize = 100;

/// Messages about a file, not more than a reader can use.
#[derive(Default)]
struct Messages {
    kept: Vec<(Location, String)>,
    left_out: usize,
}

impl Messages {
    fn is_full(&self) -> bool {
        self.kept.len() >= MOST_KEPT
    }

    fn add(&mut self, location: Location, message: &str) {
        if self.is_full() {
            self.left_out += 1;
            return;
        }
        // Text that is quoted from the file may have line breaks, but a message is one line; and it may have a password.
        let line = message.split(char::is_control).collect::<Vec<_>>().join(" ");
        let message = (location, masked(&line).into_owned());
        // Sections that share a part through an anchor repeat its messages.
        if !self.kept.contains(&message) {
            self.kept.push(message);
        }
    }

    /// The first ones in the order of the file, a line each, and how many more there are.
    fn lines(mut self, file: &str, what: &str) -> Vec<String> {
        self.kept.sort_by_key(|(location, _)| *location);
        let line = |(Location { line, column }, message): &(_, String)| {
            format!("{}:{line}:{column}: {}", OneLine(file), OneLine(message))
        };
        let mut lines: Vec<String> = self.kept.iter().take(MOST_REPORTED).map(line).collect();
        let more = self.kept.len().saturating_sub(MOST_REPORTED) + self.left_out;
        if let Some((Location { line, column }, _)) = self.kept.get(MOST_REPORTED) {
            lines.push(format!("{}:{line}:{column}: from here on there are {more} more {what}", OneLine(file)));
        }
        lines
    }
}

/// A quotation from the file without passwords, cut if it is long.
pub(crate) fn quoted(text: &str) -> String {
    let text = &*masked(text);
    match text.char_indices().nth(LONGEST_QUOTE) {
        Some((end, _)) => format!("`{}..`", text.get(..end).unwrap_or_default()),
        None => format!("`{text}`"),
    }
}
