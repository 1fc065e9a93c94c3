//! Reads a YAML document within limits of size, depth and expansion. Nothing is made of its tags.

use std::collections::HashMap;

use granit_parser::{Event, Parser, ScalarStyle, Tag};

use super::node::Node;
use super::scalar::resolve;

/// The most bytes of a document.
const BYTES_MAX: usize = 16 * 1024 * 1024;

/// How many lists and maps inside one another are read. JSON is read as deep.
const DEPTH_MAX: usize = 127;

/// The most bytes and values that the aliases and merge keys of a document may add to it.
const EXPANSION_MAX: usize = 1024 * 1024;

/// The most bytes and values that are kept for aliases to come. Anchors inside one another keep the same value again.
const ANCHORED_MAX: usize = 2 * BYTES_MAX;

/// Reads the first document of a text.
///
/// # Errors
/// It is not YAML, or beyond a limit. The text says why.
pub(crate) fn read(text: &str) -> Result<Node, String> {
    if text.len() > BYTES_MAX {
        return Err(format!("it is longer than {} MiB", BYTES_MAX / 1024 / 1024));
    }
    let mut builder = TreeBuilder::default();
    let mut options = granit_parser::Options::default();
    options.set_emit_comments(false);
    options.bom_inside_document_as_content = true;
    options.block_scalar_eof_without_line_feed = true;
    for next in Parser::new_from_str_with_options(text, options) {
        let (event, _) = next.map_err(|error| format!("it is not YAML: {error}"))?;
        if builder.event(event)? {
            break;
        }
    }
    builder.root.ok_or_else(|| "it is empty".to_owned())
}

/// A list or map whose end has not been read.
struct Open {
    anchor: usize,
    tag: Option<String>,
    is_map: bool,
    items: Vec<Node>,
    /// The positions of keys that are merge keys, in their order.
    merges: Vec<usize>,
    extent: Extent,
}

/// How much a value has in it.
#[derive(Clone, Copy)]
struct Extent {
    /// Bytes and values.
    size: usize,
    /// Lists and maps inside one another.
    depth: usize,
}

impl Extent {
    const EMPTY: Self = Self { size: 1, depth: 0 };

    const fn of_text(text: &str) -> Self {
        Self { size: 1 + text.len(), depth: 0 }
    }

    fn add(&mut self, inner: Self) {
        self.size = self.size.saturating_add(inner.size);
        self.depth = self.depth.max(inner.depth);
    }
}

#[derive(Default)]
struct TreeBuilder {
    open: Vec<Open>,
    anchors: HashMap<usize, (Node, Extent)>,
    /// The size of all that is under `anchors`.
    anchored: usize,
    /// What aliases have added.
    expanded: usize,
    root: Option<Node>,
}

impl TreeBuilder {
    /// Takes an event; answers whether the document has ended.
    fn event(&mut self, event: Event<'_>) -> Result<bool, String> {
        match event {
            Event::Scalar(text, style, anchor, tag) => self.scalar(&text, style, anchor, tag.as_deref())?,
            Event::SequenceStart(_, anchor, tag) => self.begin(anchor, tag.as_deref(), false)?,
            Event::MappingStart(_, anchor, tag) => self.begin(anchor, tag.as_deref(), true)?,
            Event::SequenceEnd | Event::MappingEnd => self.end()?,
            Event::Alias(anchor) => self.alias(anchor)?,
            Event::DocumentEnd => return Ok(true),
            _ => {}
        }
        Ok(false)
    }

    fn begin(&mut self, anchor: usize, tag: Option<&Tag>, is_map: bool) -> Result<(), String> {
        self.check_depth(1)?;
        let tag = tag.and_then(named);
        let extent = tag.as_deref().map_or(Extent::EMPTY, Extent::of_text);
        self.open.push(Open { anchor, tag, is_map, items: Vec::new(), merges: Vec::new(), extent });
        Ok(())
    }

    /// Whether a value of this depth has room where the next one stands.
    fn check_depth(&self, depth: usize) -> Result<(), String> {
        if self.open.len() + depth <= DEPTH_MAX {
            return Ok(());
        }
        Err(format!("it has more than {DEPTH_MAX} lists and maps inside one another"))
    }

    fn end(&mut self) -> Result<(), String> {
        let Some(open) = self.open.pop() else { return Ok(()) };
        let node = if open.is_map { map(open.items, &open.merges) } else { Node::List(open.items) };
        let node = match open.tag {
            Some(tag) => Node::Tagged(tag, node.into()),
            None => node,
        };
        self.add(node, Extent { depth: open.extent.depth + 1, ..open.extent }, open.anchor)
    }

    fn scalar(&mut self, text: &str, style: ScalarStyle, anchor: usize, tag: Option<&Tag>) -> Result<(), String> {
        let is_key = self.open.last().is_some_and(|open| open.is_map && open.items.len() % 2 == 0);
        if let Some(open) = self.open.last_mut().filter(|_| is_key && text == "<<" && tag.is_none()) {
            open.merges.push(open.items.len());
        }
        let text = breaks_of_yaml_1_1(text, style)?;
        let extent = Extent::of_text(&text);
        let node = match tag.and_then(named) {
            Some(tag) => tagged(&tag, &text),
            None if tag.is_some() || style != ScalarStyle::Plain => Node::Text(text),
            None => resolve(&text),
        };
        self.add(node, extent, anchor)
    }

    fn alias(&mut self, anchor: usize) -> Result<(), String> {
        let found = self.anchors.get(&anchor);
        let (node, extent) = found.ok_or("a value of it contains itself")?;
        let extent = *extent;
        self.check_depth(extent.depth)?;
        let expanded = self.expanded.saturating_add(extent.size);
        if expanded > EXPANSION_MAX {
            return Err(format!("its aliases add more than {} KiB to it", EXPANSION_MAX / 1024));
        }
        let node = node.clone();
        self.expanded = expanded;
        self.add(node, extent, 0)
    }

    fn add(&mut self, node: Node, extent: Extent, anchor: usize) -> Result<(), String> {
        if anchor != 0 {
            self.anchored = self.anchored.saturating_add(extent.size);
            if self.anchored > ANCHORED_MAX {
                return Err("it has too many anchors inside one another".to_owned());
            }
            self.anchors.insert(anchor, (node.clone(), extent));
        }
        match self.open.last_mut() {
            Some(open) => {
                open.extent.add(extent);
                open.items.push(node);
            }
            None => self.root = Some(node),
        }
        Ok(())
    }
}

/// The map of these keys and values. As for Psych, the entries under a merge key stand in its place, and the last one of equal
/// keys counts.
fn map(items: Vec<Node>, merges: &[usize]) -> Node {
    let mut entries = Vec::with_capacity(items.len() / 2);
    let mut merges = merges.iter().copied().peekable();
    let mut items = items.into_iter().enumerate();
    while let (Some((at, key)), Some((_, value))) = (items.next(), items.next()) {
        if merges.next_if_eq(&at).is_some() && is_mergeable(&value) {
            merge(value, &mut entries);
        } else {
            entries.push((key, value));
        }
    }
    Node::Map(entries)
}

/// Whether it is a map or a list of maps. Anything else under a merge key is an entry of this name.
fn is_mergeable(value: &Node) -> bool {
    match value {
        Node::Map(_) => true,
        Node::List(maps) => maps.iter().all(|map| matches!(map, Node::Map(_))),
        _ => false,
    }
}

/// Adds the entries of a map, or of a list of maps, of which the first one counts.
fn merge(value: Node, entries: &mut Vec<(Node, Node)>) {
    match value {
        Node::Map(more) => entries.extend(more),
        Node::List(maps) => maps.into_iter().rev().for_each(|map| merge(map, entries)),
        _ => {}
    }
}

/// The tag as it is written; `None` of one that says only which kind of value a collection or text is.
fn named(tag: &Tag) -> Option<String> {
    let text = match tag.core_suffix() {
        Some("str" | "map" | "seq") => return None,
        Some(core) => format!("!{core}"),
        None => format!("{}{}", tag.handle(), tag.suffix()),
    };
    (text != "!").then_some(text)
}

/// A scalar with a tag. Those of Ruby's own values are read, the others are kept.
fn tagged(tag: &str, text: &str) -> Node {
    let text = || text.to_owned();
    match tag {
        "!str" => Node::Text(text()),
        "!binary" => Node::Binary(text().split_ascii_whitespace().collect()),
        "!ruby/symbol" | "!ruby/sym" => Node::Symbol(text()),
        "!null" => Node::Null,
        "!int" | "!float" | "!bool" | "!timestamp" => resolve(&text()),
        _ => Node::Tagged(tag.to_owned(), Node::Text(text()).into()),
    }
}

/// In YAML 1.1, which Psych speaks, three more characters end a line, and the indentation of the next one is no content.
fn breaks_of_yaml_1_1(text: &str, style: ScalarStyle) -> Result<String, String> {
    const BREAKS: [char; 3] = ['\u{85}', '\u{2028}', '\u{2029}'];
    if style == ScalarStyle::DoubleQuoted || !text.contains(BREAKS) {
        return Ok(text.to_owned());
    }
    if matches!(style, ScalarStyle::Literal | ScalarStyle::Folded) {
        return Err("a text of it in block form has a line separator of Unicode".to_owned());
    }
    let mut out = String::new();
    for (index, part) in text.split_inclusive(BREAKS).enumerate() {
        out.push_str(if index == 0 { part } else { part.trim_start_matches([' ', '\t']) });
    }
    Ok(out)
}
