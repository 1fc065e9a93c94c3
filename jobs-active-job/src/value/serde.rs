//! Values as parameters of jobs: what serde writes and reads.

use jobs_core::job::RUBY_VALUE;
use serde::de::Error as _;
use serde::ser::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

use super::{Reader, Value};
use crate::Rails;

/// The form of the newest release, in a newtype that is told apart from what users write.
impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let text = self.to_json(Rails::default()).map_err(S::Error::custom)?;
        let raw = RawValue::from_string(text).map_err(S::Error::custom)?;
        serializer.serialize_newtype_struct(RUBY_VALUE, &raw)
    }
}

/// Reads what Active Job writes, and plain JSON. It works with `serde_json` alone.
impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        Reader::RUBY.raw(&raw).map_err(D::Error::custom)
    }
}
