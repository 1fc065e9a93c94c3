//! Symbols, decimals, classes and ranges.

use std::fmt;

use jobs_core::Error;
use serde::{Deserialize, Serialize};

use super::by_value;
use crate::Value;

/// A symbol: `Symbol::new("card")` is `:card`. It is read from a symbol and from a text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "Value", try_from = "Value")]
pub struct Symbol(String);

/// A decimal number as text, in any notation: `5.0`, `0.125e1`, `NaN`. No digit is lost. It is read from a `BigDecimal`, a
/// number or a text.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(into = "Value", try_from = "Value")]
pub struct Decimal(String);

/// The name of a class or module: `Module::new("Billing::Invoice")`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "Value", try_from = "Value")]
pub struct Module(String);

macro_rules! texts {
    ($($type:ident => $kind:ident, $expected:literal;)*) => {
        $(
            impl $type {
                /// The value with this text.
                pub fn new(text: impl Into<String>) -> Self {
                    Self(text.into())
                }

                /// Its text.
                pub fn as_str(&self) -> &str {
                    &self.0
                }
            }

            impl fmt::Display for $type {
                fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    f.write_str(&self.0)
                }
            }

            impl From<$type> for Value {
                fn from(value: $type) -> Self {
                    Self::$kind(value.0)
                }
            }
        )*
    };
}

texts! {
    Symbol => Symbol, "a symbol";
    Decimal => Decimal, "a decimal";
    Module => Module, "a class";
}

by_value!(Symbol, "a symbol or a text", Value::Symbol(name) => Some(Self(name.clone())), |text: &str| Some(Self::new(text)));
by_value!(Module, "a class or its name", Value::Module(name) => Some(Self(name.clone())), |text: &str| Some(Self::new(text)));

impl TryFrom<Value> for Decimal {
    type Error = Error;

    fn try_from(value: Value) -> Result<Self, Error> {
        match &value {
            Value::Decimal(number) => Ok(Self::new(number)),
            Value::Plain(raw) if raw.get().starts_with(|first: char| first == '-' || first.is_ascii_digit()) => {
                Ok(Self::new(raw.get()))
            }
            Value::Plain(raw) if raw.get().starts_with('"') => {
                Ok(Self(value.as_str().unwrap_or_default().into_owned()))
            }
            _ => Err(Error::invalid("expected a decimal, a number or a text")),
        }
    }
}

/// A range. `None` is an open end: `Range::new(Some(1), None)` is `1..`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Range<T> {
    /// The first value.
    pub begin: Option<T>,
    /// The last value, or the one after it.
    pub end: Option<T>,
    /// Whether the end does not belong to the range: `1...5`.
    pub exclude_end: bool,
}

impl<T> Range<T> {
    /// The range `begin..end`, to which the end belongs.
    pub const fn new(begin: Option<T>, end: Option<T>) -> Self {
        Self { begin, end, exclude_end: false }
    }

    /// The range `begin...end`, to which the end does not belong.
    pub const fn excluding_end(begin: Option<T>, end: Option<T>) -> Self {
        Self { begin, end, exclude_end: true }
    }
}

impl<T: Serialize> Serialize for Range<T> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::Error as _;
        let end = |value: &Option<T>| Value::of(value).map(Box::new).map_err(S::Error::custom);
        let range = Value::Range { begin: end(&self.begin)?, end: end(&self.end)?, exclude_end: self.exclude_end };
        range.serialize(serializer)
    }
}

/// The form without a serializer, as a job in Rust reads it from Ruby.
#[derive(Deserialize)]
struct PlainRange<T> {
    begin: Option<T>,
    end: Option<T>,
    #[serde(default)]
    exclude_end: bool,
}

impl<'de, T: serde::de::DeserializeOwned> Deserialize<'de> for Range<T> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        use serde::de::Error as _;
        let raw = Box::<serde_json::value::RawValue>::deserialize(deserializer)?;
        let PlainRange { begin, end, exclude_end } = serde_json::from_str(raw.get()).map_err(D::Error::custom)?;
        Ok(Self { begin, end, exclude_end })
    }
}
