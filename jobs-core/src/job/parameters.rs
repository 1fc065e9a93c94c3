//! The parameters of a job: their names and their number, asked from serde's derived implementation.

use std::cell::Cell;

use serde::de::value::U64Deserializer;
use serde::de::{DeserializeOwned, DeserializeSeed, Deserializer, Error as _, IntoDeserializer, MapAccess, Visitor};
use serde::forward_to_deserialize_any;
use serde_json::Error;

/// The parameters of a job, as serde's derived implementation knows them.
pub(super) struct Parameters {
    /// The names, those of one parameter together: its name and its aliases.
    pub(super) names: &'static [&'static str],
    pub(super) count: usize,
}

impl Parameters {
    /// Those of `T`; `None` if it does not read its fields by name.
    pub(super) fn of<T: DeserializeOwned>() -> Option<Self> {
        let names = Probe::default().names::<T>()?;
        let is_parameter = |index: &usize| Probe { index: *index, ..Probe::default() }.is_read::<T>();
        Some(Self { names, count: (0..names.len()).take_while(is_parameter).count() })
    }
}

/// The names of the parameters of `T`, in order; `None` if they are not known, or some have aliases.
pub(super) fn parameter_names<T: DeserializeOwned>() -> Option<&'static [&'static str]> {
    let parameters = Parameters::of::<T>()?;
    (parameters.names.len() == parameters.count).then_some(parameters.names)
}

/// Asks a derived struct for its fields: it is offered one field, and notes what it is asked for. Nothing is read.
#[derive(Default)]
struct Probe {
    index: usize,
    names: Cell<Option<&'static [&'static str]>>,
    is_read: Cell<bool>,
}

impl Probe {
    fn names<T: DeserializeOwned>(&self) -> Option<&'static [&'static str]> {
        T::deserialize(self).err()?;
        self.names.get()
    }

    /// Whether there is a field with this number.
    fn is_read<T: DeserializeOwned>(&self) -> bool {
        T::deserialize(self).is_err() && self.is_read.get()
    }
}

impl<'de> Deserializer<'de> for &Probe {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Error> {
        // The value of the offered field, or the job itself if it is not a struct.
        self.is_read.set(self.names.get().is_some());
        Err(Error::custom("nothing is read"))
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_unit()
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        if self.names.get().is_some() {
            // The type of the offered field is a struct itself.
            return self.deserialize_any(visitor);
        }
        self.names.set(Some(fields));
        visitor.visit_map(OneEntry { probe: self, is_offered: false })?;
        Err(Error::custom("nothing is read"))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map enum identifier
    }
}

struct OneEntry<'a> {
    probe: &'a Probe,
    is_offered: bool,
}

impl<'de> MapAccess<'de> for OneEntry<'_> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Error> {
        if std::mem::replace(&mut self.is_offered, true) {
            return Ok(None);
        }
        let key: U64Deserializer<Error> = (self.probe.index as u64).into_deserializer();
        seed.deserialize(key).map(Some)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Error> {
        seed.deserialize(self.probe)
    }
}
