//! The nodes of a YAML document: every value and key with its location. Duplicate keys are kept.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_saphyr::{DuplicateKeyPolicy, Localizer, Spanned, UserMessageFormatter};

use crate::document::location::Location;

/// A value and the location of its definition. A merged value or an alias has the location of its anchor.
#[derive(Debug)]
pub(crate) struct Node {
    pub(crate) kind: Kind,
    pub(crate) location: Location,
    /// The range of its text in the file, in bytes.
    pub(crate) range: Range<usize>,
    /// Whether an alias or a merge key put it here.
    pub(crate) is_from_anchor: bool,
}

#[derive(Debug)]
pub(crate) enum Kind {
    Empty,
    Bool(bool),
    Whole(i128),
    Fraction(f64),
    Text(String),
    List(Vec<Node>),
    Mapping(Vec<(Node, Node)>),
}

/// How deeply lists and mappings may be nested. Real files have six levels; many more could overflow the stack.
const DEEPEST: usize = 32;

/// How many values aliases may repeat in total. A file with more of them is an attack on the memory.
const MOST_SHARED: usize = 20_000;

/// How many anchors and aliases a file may have. Real files have some dozens.
const MOST_ANCHORS: usize = 1_000;

/// How many keys and values a file may have. A task takes some twelve, so these are enough for five thousand tasks.
const MOST_NODES: usize = 100_000;

/// Parses the text and resolves anchors and merge keys.
///
/// # Errors
/// The text is not YAML; gives the location and the message of the parser.
pub(crate) fn parse(text: &str) -> Result<Node, (Location, String)> {
    let options = serde_saphyr::options! {
        budget: serde_saphyr::budget! {
            max_depth: DEEPEST,
            max_anchors: MOST_ANCHORS,
            max_aliases: MOST_ANCHORS,
            max_nodes: MOST_NODES,
        },
        alias_limits: serde_saphyr::alias_limits! { max_total_replayed_events: MOST_SHARED },
        duplicate_keys: DuplicateKeyPolicy::PassThrough,
        strict_booleans: true,
        with_snippet: false,
    };
    serde_saphyr::from_str_with_options(text, options).map_err(|error| {
        let location = error.location().map_or(Location::START, Location::from);
        (location, error.render_with_formatter(&UserMessageFormatter.with_localizer(&WithoutLocation)))
    })
}

/// Removes the location from the message of the parser, because our messages begin with it.
struct WithoutLocation;

impl Localizer for WithoutLocation {
    fn attach_location<'a>(&self, message: Cow<'a, str>, _: serde_saphyr::Location) -> Cow<'a, str> {
        message
    }
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Spanned { value: kind, referenced, defined } = Spanned::deserialize(deserializer)?;
        let span = defined.span();
        let start = span.byte_offset().and_then(|start| usize::try_from(start).ok()).unwrap_or(0);
        let length = span.byte_len().and_then(|length| usize::try_from(length).ok()).unwrap_or(0);
        let range = start..start.saturating_add(length);
        Ok(Self { kind, location: defined.into(), range, is_from_anchor: referenced != defined })
    }
}

impl<'de> Deserialize<'de> for Kind {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(KindVisitor)
    }
}

struct KindVisitor;

impl<'de> Visitor<'de> for KindVisitor {
    type Value = Kind;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("YAML")
    }

    fn visit_unit<E>(self) -> Result<Kind, E> {
        Ok(Kind::Empty)
    }

    fn visit_none<E>(self) -> Result<Kind, E> {
        Ok(Kind::Empty)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Kind, E> {
        Ok(Kind::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Kind, E> {
        Ok(Kind::Whole(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Kind, E> {
        Ok(Kind::Whole(value.into()))
    }

    fn visit_i128<E>(self, value: i128) -> Result<Kind, E> {
        Ok(Kind::Whole(value))
    }

    fn visit_u128<E>(self, value: u128) -> Result<Kind, E> {
        Ok(Kind::Whole(i128::try_from(value).unwrap_or(i128::MAX)))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Kind, E> {
        Ok(Kind::Fraction(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Kind, E> {
        Ok(Kind::Text(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Kind, E> {
        Ok(Kind::Text(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Kind, A::Error> {
        let mut nodes = Vec::new();
        while let Some(node) = list.next_element()? {
            nodes.push(node);
        }
        Ok(Kind::List(nodes))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut mapping: A) -> Result<Kind, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = mapping.next_entry()? {
            entries.push(entry);
        }
        Ok(Kind::Mapping(entries))
    }
}
