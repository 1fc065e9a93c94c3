//! An argument as Active Job writes it: every kind of value that it has, without loss.

mod parse;
mod plain;
mod serde;
mod write;

use std::borrow::Cow;

use ::serde::Serialize;
use jobs_core::Error;
use jobs_core::job::{reserved_key, reserved_key_error};
use serde_json::value::RawValue;

pub(crate) use self::parse::Reader;
use crate::{GlobalId, Rails};

/// An argument of a job, or a value in one, as Active Job writes it.
///
/// Numbers, decimals and times are kept as the texts they have, so none is rounded. As a parameter of a job it takes any
/// argument that Ruby passes.
///
/// ```
/// use jobs_active_job::Value;
///
/// let value = Value::parse(r#"{"_aj_serialized":"ActiveJob::Serializers::SymbolSerializer","value":"card"}"#).unwrap();
/// assert!(matches!(value, Value::Symbol(name) if name == "card"));
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Value {
    /// `nil`, `true`, `false`, a number or a text, as JSON.
    Plain(Box<RawValue>),
    /// A list.
    Array(Vec<Value>),
    /// A hash, keyword arguments among them.
    Hash(Hash),
    /// A symbol, without its colon.
    Symbol(String),
    /// A `BigDecimal`, in any notation: `5.0`, `0.125e1`, `NaN`.
    Decimal(String),
    /// A calendar date: `2001-02-03`.
    Date(String),
    /// A `Time` in ISO 8601 with its offset: `2002-10-31T02:02:02.123456789+02:00`.
    Time(String),
    /// A `DateTime` in the same form; UTC is written `+00:00`.
    DateTime(String),
    /// A time in a zone of the time zone database.
    ZonedTime {
        /// The time in ISO 8601 with the offset of the zone.
        time: String,
        /// The zone, `America/New_York`. Releases before 7.2 do not write it.
        zone: Option<String>,
    },
    /// A duration such as `1.month`.
    Duration {
        /// The seconds, as JSON number: `2629746`, `5400.0`.
        seconds: Box<RawValue>,
        /// Its parts in order: a unit as `months`, and a number of them.
        parts: Vec<(String, Box<RawValue>)>,
    },
    /// A range. An open end is `nil`.
    Range {
        /// The first value.
        begin: Box<Value>,
        /// The last value, or the one after it.
        end: Box<Value>,
        /// Whether the end does not belong to the range.
        exclude_end: bool,
    },
    /// The name of a class or module: `Billing::Invoice`.
    Module(String),
    /// A record.
    GlobalId(GlobalId),
    /// What a serializer of the application wrote, or a form that is not known here: its JSON, byte for byte.
    Other(Box<RawValue>),
}

/// A hash with its kind. Keys keep their order.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Hash {
    /// Which keys are symbols, and what the hash is for.
    pub kind: HashKind,
    /// The keys and values.
    pub entries: Vec<(String, Value)>,
}

/// The kinds of hashes that Active Job tells apart.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum HashKind {
    /// The keys in this list are symbols, the others are texts.
    Keys(Vec<String>),
    /// Keyword arguments; the keys in this list are symbols.
    Keywords(Vec<String>),
    /// Symbols and texts find the same entry.
    Indifferent,
    /// Without a mark: all keys are texts. Releases before 6.0 wrote it, and so do programs that are not Ruby.
    Unmarked,
}

impl Hash {
    /// A hash of this kind.
    pub const fn new(kind: HashKind, entries: Vec<(String, Value)>) -> Self {
        Self { kind, entries }
    }

    /// The value under a key. Of equal keys the last one counts.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.entries.iter().rev().find(|(name, _)| name == key).map(|(_, value)| value)
    }
}

impl Value {
    /// Reads a value that Active Job wrote, of any release.
    ///
    /// # Errors
    /// The text is not JSON, or has more than 127 lists and objects inside one another. The error
    /// [is corrupt](Error::is_corrupt).
    pub fn parse(text: &str) -> Result<Self, Error> {
        Reader::RUBY.read(text)
    }

    /// A plain value, list or hash of what serde writes as JSON. Hashes have text keys.
    ///
    /// # Errors
    /// It cannot be written as JSON, or a key begins with `_aj_`, which Active Job reserves. The error
    /// [is invalid](Error::is_invalid).
    pub fn of<T: Serialize + ?Sized>(value: &T) -> Result<Self, Error> {
        let text = serde_json::to_string(value)
            .map_err(|cause| Error::invalid("the value cannot be written as JSON").with_source(cause))?;
        if let Some(key) = reserved_key(value, &text) {
            return Err(reserved_key_error(&key));
        }
        Reader::OURS.read(&text)
    }

    /// `nil`.
    pub fn nil() -> Self {
        Self::Plain(RawValue::NULL.to_owned())
    }

    /// The JSON text that Active Job of this release writes.
    ///
    /// # Errors
    /// This release has no serializer for a value in it. The error [is invalid](Error::is_invalid).
    pub fn to_json(&self, rails: Rails) -> Result<String, Error> {
        let mut out = String::new();
        write::Writer { rails, out: &mut out }.value(self)?;
        Ok(out)
    }

    /// The text, of a text, a symbol or the name of a class.
    pub fn as_str(&self) -> Option<Cow<'_, str>> {
        match self {
            Self::Plain(raw) => serde_json::from_str::<String>(raw.get()).ok().map(Cow::Owned),
            Self::Symbol(name) | Self::Module(name) => Some(name.into()),
            _ => None,
        }
    }
}

/// The same value, also if hashes have other orders of their symbols and numbers are equal texts.
impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        // The newest release can write every value.
        matches!((self.to_json(Rails::default()), other.to_json(Rails::default())), (Ok(one), Ok(other)) if one == other)
    }
}
