//! Writes a document byte for byte as Psych does with libyaml 0.2.5: block style, lines folded at 80 columns.

use super::node::Node;
use super::style::{Analysis, Style, has_breaks, is_break, is_printable, style_of};

/// Where lines are folded.
const WIDTH: usize = 80;

/// Most documents have no more bytes.
const USUAL_BYTES: usize = 1024;

/// The longest key, in bytes, that is written without a question mark in front.
const SIMPLE_KEY_MAX: usize = 128;

/// A document that is being written. The names of its fields are those of libyaml's emitter.
#[derive(Default)]
pub(crate) struct Document {
    out: String,
    column: usize,
    indent: usize,
    /// Whether a blank or a line break was written last.
    whitespace: bool,
    /// Whether there are only blanks and indicators on the line.
    indention: bool,
    /// Whether a text was written that keeps the line breaks at its end.
    open_ended: bool,
}

impl Document {
    /// The text of a document whose root has this tag.
    pub(crate) fn tagged(tag: &str, root: &Node) -> String {
        let mut document = Self { out: String::with_capacity(USUAL_BYTES), ..Self::default() };
        document.put("--- ");
        document.put(tag);
        document.value(root, None);
        document.new_line();
        if document.open_ended {
            document.out.push_str("...\n");
        }
        document.out
    }

    fn put(&mut self, text: &str) {
        self.out.push_str(text);
        self.column += text.chars().count();
    }

    fn put_char(&mut self, c: char) {
        self.out.push(c);
        self.column += 1;
    }

    fn put_break(&mut self) {
        self.out.push('\n');
        self.column = 0;
    }

    fn indicator(&mut self, text: &str, needs_blank: bool, is_indention: bool) {
        if needs_blank && !self.whitespace {
            self.put_char(' ');
        }
        self.put(text);
        self.whitespace = false;
        self.indention = self.indention && is_indention;
    }

    fn new_line(&mut self) {
        if !self.indention || self.column > self.indent || (self.column == self.indent && !self.whitespace) {
            self.put_break();
        }
        while self.column < self.indent {
            self.put_char(' ');
        }
        (self.whitespace, self.indention) = (true, true);
    }

    /// A value that stands in a list or under a key, of a collection whose lines begin at `indent`; `None` at the root.
    fn value(&mut self, node: &Node, indent: Option<usize>) {
        let before = self.indent;
        match node {
            Node::List(items) if !items.is_empty() => self.list(items, indent),
            Node::Map(entries) if !entries.is_empty() => {
                self.indent = indent.map_or(0, |indent| indent + 2);
                for (key, value) in entries {
                    self.entry(key, value);
                }
            }
            Node::List(_) => self.indicator("[]", true, false),
            Node::Map(_) => self.indicator("{}", true, false),
            // Lines of a text that is folded are indented by two more.
            scalar => {
                self.indent = indent.map_or(2, |indent| indent + 2);
                self.scalar(scalar, false);
            }
        }
        self.indent = before;
    }

    fn list(&mut self, items: &[Node], indent: Option<usize>) {
        // A list under a key begins in the column of the key.
        let is_under_a_key = !self.indention;
        self.indent = indent.map_or(0, |indent| if is_under_a_key { indent } else { indent + 2 });
        for item in items {
            self.new_line();
            self.indicator("-", true, true);
            self.value(item, Some(self.indent));
        }
    }

    fn entry(&mut self, key: &Node, value: &Node) {
        self.new_line();
        let inside = self.indent;
        let text = scalar_text(key);
        if text.len() <= SIMPLE_KEY_MAX && !has_breaks(&text) {
            self.indent = inside + 2;
            self.scalar(key, true);
            self.indicator(":", false, false);
        } else {
            self.indicator("?", true, true);
            self.indent = inside + 2;
            self.scalar(key, false);
            self.indent = inside;
            self.new_line();
            self.indicator(":", true, true);
        }
        self.indent = inside;
        self.value(value, Some(inside));
    }

    fn scalar(&mut self, node: &Node, is_key: bool) {
        let Node::Text(text) = node else {
            let text = scalar_text(node);
            if !text.is_empty() {
                self.plain(&text, false);
            }
            (self.whitespace, self.indention) = (false, false);
            return;
        };
        if text == "<<" {
            self.indicator("!!str '<<'", true, false);
            return;
        }
        match style_of(text, &Analysis::of(text), is_key) {
            Style::Plain => self.plain(text, !is_key),
            Style::Single => self.single_quoted(text, !is_key),
            Style::Double => self.double_quoted(text, !is_key),
            Style::Literal => self.literal(text),
        }
    }

    fn plain(&mut self, text: &str, may_fold: bool) {
        if !self.whitespace {
            self.put_char(' ');
        }
        if !may_fold || self.column + text.len() <= WIDTH {
            self.put(text);
            (self.whitespace, self.indention) = (false, false);
            return;
        }
        let mut spaces = false;
        let mut chars = text.chars().peekable();
        while let Some(c) = chars.next() {
            if c == ' ' && may_fold && !spaces && self.column > WIDTH && chars.peek() != Some(&' ') {
                self.new_line();
            } else {
                self.put_char(c);
            }
            spaces = c == ' ';
            self.indention = false;
        }
        (self.whitespace, self.indention) = (false, false);
    }

    fn single_quoted(&mut self, text: &str, may_fold: bool) {
        self.indicator("'", true, false);
        let (mut spaces, mut breaks) = (false, false);
        let mut chars = text.char_indices().peekable();
        while let Some((at, c)) = chars.next() {
            let next = chars.peek().map(|(_, c)| *c);
            if c == ' ' {
                let may_fold = may_fold && !spaces && at > 0;
                if may_fold && self.column > WIDTH && next.is_some_and(|next| next != ' ') {
                    self.new_line();
                } else {
                    self.put_char(c);
                }
                spaces = true;
            } else if is_break(c) {
                if !breaks && c == '\n' {
                    self.put_break();
                }
                self.write_break(c);
                breaks = true;
            } else {
                if breaks {
                    self.new_line();
                }
                self.put(if c == '\'' { "'" } else { "" });
                self.put_char(c);
                self.indention = false;
                (spaces, breaks) = (false, false);
            }
        }
        if breaks {
            self.new_line();
        }
        self.indicator("'", false, false);
    }

    fn write_break(&mut self, c: char) {
        self.out.push(c);
        self.column = 0;
        self.indention = true;
    }

    fn double_quoted(&mut self, text: &str, may_fold: bool) {
        self.indicator("\"", true, false);
        let mut spaces = false;
        let mut chars = text.char_indices().peekable();
        while let Some((at, c)) = chars.next() {
            let next = chars.peek().map(|(_, c)| *c);
            if c == ' ' {
                if may_fold && !spaces && self.column > WIDTH && at > 0 && next.is_some() {
                    self.new_line();
                    self.put(if next == Some(' ') { "\\" } else { "" });
                } else {
                    self.put_char(c);
                }
                spaces = true;
            } else {
                self.put_escaped(c);
                spaces = false;
            }
            self.indention = false;
        }
        self.indicator("\"", false, false);
    }

    fn put_escaped(&mut self, c: char) {
        if is_printable(c) && !is_break(c) && !matches!(c, '"' | '\\') {
            return self.put_char(c);
        }
        let letter = match c {
            '\0' => '0',
            '\x07' => 'a',
            '\x08' => 'b',
            '\t' => 't',
            '\n' => 'n',
            '\x0b' => 'v',
            '\x0c' => 'f',
            '\r' => 'r',
            '\x1b' => 'e',
            '"' | '\\' => c,
            '\u{85}' => 'N',
            '\u{a0}' => '_',
            '\u{2028}' => 'L',
            '\u{2029}' => 'P',
            _ => {
                let code = u32::from(c);
                let text = match code {
                    0..=0xff => format!("\\x{code:02X}"),
                    0x100..=0xffff => format!("\\u{code:04X}"),
                    _ => format!("\\U{code:08X}"),
                };
                return self.put(&text);
            }
        };
        self.put_char('\\');
        self.put_char(letter);
    }

    fn literal(&mut self, text: &str) {
        self.indicator("|", true, false);
        if text.starts_with(|c| c == ' ' || is_break(c)) {
            self.indicator("2", false, false);
        }
        let mut from_end = text.chars().rev();
        let (last, before) = (from_end.next().is_some_and(is_break), from_end.next().is_none_or(is_break));
        self.open_ended = last && before;
        self.put(match (last, before) {
            (false, _) => "-",
            (true, true) => "+",
            (true, false) => "",
        });
        self.put_break();
        (self.whitespace, self.indention) = (true, true);
        let mut breaks = true;
        for c in text.chars() {
            if is_break(c) {
                self.write_break(c);
                breaks = true;
            } else {
                if breaks {
                    self.new_line();
                }
                self.put_char(c);
                self.indention = false;
                breaks = false;
            }
        }
    }
}

/// The text of a value that is no collection, as Ruby prints it.
fn scalar_text(node: &Node) -> String {
    match node {
        Node::Bool(value) => value.to_string(),
        Node::Float(number) => float_text(*number),
        Node::Symbol(name) => format!(":{name}"),
        Node::Integer(text) | Node::Text(text) | Node::Date(text) | Node::Time(text) | Node::Binary(text) => {
            text.clone()
        }
        Node::Null | Node::List(_) | Node::Map(_) | Node::Tagged(..) => String::new(),
    }
}

/// `Float#to_s`: from 0.0001 up to 1e15 without an exponent, otherwise with two digits of it.
fn float_text(number: f64) -> String {
    if number.is_nan() {
        return ".nan".to_owned();
    }
    if number.is_infinite() {
        return if number > 0.0 { ".inf" } else { "-.inf" }.to_owned();
    }
    if number == 0.0 || (1e-4..1e15).contains(&number.abs()) {
        return format!("{number:?}");
    }
    let text = format!("{number:e}");
    let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let point = if digits.contains('.') { "" } else { ".0" };
    let (sign, exponent) = exponent.strip_prefix('-').map_or(("+", exponent), |exponent| ("-", exponent));
    format!("{digits}{point}e{sign}{exponent:0>2}")
}
