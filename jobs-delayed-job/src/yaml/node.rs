//! A value of a YAML document, with its tag if it has one that Ruby would resolve.

/// A value of a document. Aliases are expanded and merge keys merged.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Node {
    Null,
    Bool(bool),
    /// An integer in decimal digits, of any size.
    Integer(String),
    Float(f64),
    Text(String),
    /// A symbol, without its colon.
    Symbol(String),
    /// A calendar date, `2026-01-02`.
    Date(String),
    /// A time in ISO 8601.
    Time(String),
    /// A binary text in base64.
    Binary(String),
    List(Vec<Node>),
    /// The entries in their order. Of equal keys the last one counts.
    Map(Vec<(Node, Node)>),
    /// A value with a tag that names a class: `!ruby/object:Item`. It is data, and no object is made of it.
    Tagged(String, Box<Node>),
}

impl Node {
    /// The value under a text or symbol in a map, of an object too.
    pub(crate) fn get(&self, key: &str) -> Option<&Self> {
        match self {
            Self::Tagged(_, inner) => inner.get(key),
            Self::Map(entries) => {
                entries.iter().rev().find(|(name, _)| name.as_str() == Some(key)).map(|(_, value)| value)
            }
            _ => None,
        }
    }

    /// The text, of a text or a symbol.
    pub(crate) fn as_str(&self) -> Option<&str> {
        match self {
            Self::Text(text) | Self::Symbol(text) => Some(text),
            _ => None,
        }
    }
}
