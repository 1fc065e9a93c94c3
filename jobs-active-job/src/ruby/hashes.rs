//! Hashes whose keys are symbols, or are both.

use serde::de::DeserializeOwned;
use serde::ser::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::value::{Hash, HashKind};
use crate::{Value, arguments};

macro_rules! hashes {
    ($($(#[$doc:meta])* $type:ident => $kind:expr;)*) => {
        $(
            $(#[$doc])*
            ///
            /// `T` is a struct or a map. Only its own keys are meant, not those of structs in it.
            #[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
            pub struct $type<T>(pub T);

            impl<T: Serialize> Serialize for $type<T> {
                fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                    of_kind(&self.0, $kind).map_err(S::Error::custom)?.serialize(serializer)
                }
            }

            impl<'de, T: DeserializeOwned> Deserialize<'de> for $type<T> {
                fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                    plain(deserializer).map(Self)
                }
            }
        )*
    };
}

hashes! {
    /// A hash whose keys are symbols: `{force: true}`.
    SymbolKeys => HashKind::Keys;
    /// A hash that Ruby passes on as keywords, other than the keywords of the job itself: in the list of arguments that a mail
    /// job has, for one.
    Keywords => HashKind::Keywords;
    /// A hash in which symbols and texts find the same entry.
    Indifferent => |_| HashKind::Indifferent;
}

fn of_kind<T: Serialize>(value: &T, kind: impl Fn(Vec<String>) -> HashKind) -> Result<Value, jobs_core::Error> {
    match Value::of(value)? {
        Value::Hash(hash) => {
            let keys = hash.entries.iter().map(|(key, _)| key.clone()).collect();
            Ok(Value::Hash(Hash::new(kind(keys), hash.entries)))
        }
        _ => Err(jobs_core::Error::invalid("only a struct or a map becomes a hash of Ruby")),
    }
}

/// Reads the value from its form without marks.
fn plain<'de, T: DeserializeOwned, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    use serde::de::Error as _;
    let text = arguments::plain(&Value::deserialize(deserializer)?);
    serde_json::from_str(&text).map_err(D::Error::custom)
}
