//! Counts the numbers of a value that are infinite or NaN. JSON has no such numbers; `serde_json` writes `null` for them.

use serde::Serialize;
use serde::ser::{
    SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple, SerializeTupleStruct,
    SerializeTupleVariant, Serializer,
};

/// How many numbers of a value are not finite.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct NonFinite {
    nan: usize,
    infinite: usize,
    negative_infinite: usize,
}

/// A value that cannot be serialized at all; the count then ends early.
type Error = serde::de::value::Error;

impl NonFinite {
    /// Counts them in a value.
    pub(crate) fn of<T: Serialize + ?Sized>(value: &T) -> Self {
        let mut counted = Self::default();
        // Writing the value as JSON reports the error of its serialization.
        let _ended_early = value.serialize(&mut counted);
        counted
    }

    /// Whether there are any.
    pub(crate) fn any(&self) -> bool {
        *self != Self::default()
    }

    fn note(&mut self, number: f64) {
        self.nan += usize::from(number.is_nan());
        self.infinite += usize::from(number == f64::INFINITY);
        self.negative_infinite += usize::from(number == f64::NEG_INFINITY);
    }
}

/// Values without numbers that count.
macro_rules! without {
    ($($name:ident($($of:ty),*))*) => {
        $(fn $name(self, $(_: $of),*) -> Result<(), Error> { Ok(()) })*
    };
}

/// The start of a value that has parts.
macro_rules! begins {
    ($($name:ident($($of:ty),*) -> $parts:ident)*) => {
        $(fn $name(self, $(_: $of),*) -> Result<Self, Error> { Ok(self) })*
    };
}

impl Serializer for &mut NonFinite {
    type Ok = ();
    type Error = Error;
    type SerializeSeq = Self;
    type SerializeTuple = Self;
    type SerializeTupleStruct = Self;
    type SerializeTupleVariant = Self;
    type SerializeMap = Self;
    type SerializeStruct = Self;
    type SerializeStructVariant = Self;

    without! {
        serialize_bool(bool) serialize_i8(i8) serialize_i16(i16) serialize_i32(i32) serialize_i64(i64)
        serialize_i128(i128) serialize_u8(u8) serialize_u16(u16) serialize_u32(u32) serialize_u64(u64)
        serialize_u128(u128) serialize_char(char) serialize_str(&str) serialize_bytes(&[u8]) serialize_none()
        serialize_unit() serialize_unit_struct(&'static str)
        serialize_unit_variant(&'static str, u32, &'static str)
    }

    begins! {
        serialize_seq(Option<usize>) -> SerializeSeq
        serialize_tuple(usize) -> SerializeTuple
        serialize_tuple_struct(&'static str, usize) -> SerializeTupleStruct
        serialize_tuple_variant(&'static str, u32, &'static str, usize) -> SerializeTupleVariant
        serialize_map(Option<usize>) -> SerializeMap
        serialize_struct(&'static str, usize) -> SerializeStruct
        serialize_struct_variant(&'static str, u32, &'static str, usize) -> SerializeStructVariant
    }

    fn serialize_f32(self, number: f32) -> Result<(), Error> {
        self.serialize_f64(number.into())
    }

    fn serialize_f64(self, number: f64) -> Result<(), Error> {
        self.note(number);
        Ok(())
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Error> {
        value.serialize(self)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Result<(), Error> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        value: &T,
    ) -> Result<(), Error> {
        value.serialize(self)
    }
}

/// The parts of a value, with or without a name.
macro_rules! parts {
    ($($parts:ident::$name:ident($($key:ty)?))*) => {
        $(impl $parts for &mut NonFinite {
            type Ok = ();
            type Error = Error;

            fn $name<T: Serialize + ?Sized>(&mut self, $(_: $key,)? value: &T) -> Result<(), Error> {
                value.serialize(&mut **self)
            }

            fn end(self) -> Result<(), Error> {
                Ok(())
            }
        })*
    };
}

parts! {
    SerializeSeq::serialize_element()
    SerializeTuple::serialize_element()
    SerializeTupleStruct::serialize_field()
    SerializeTupleVariant::serialize_field()
    SerializeStruct::serialize_field(&'static str)
    SerializeStructVariant::serialize_field(&'static str)
}

impl SerializeMap for &mut NonFinite {
    type Ok = ();
    type Error = Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, _: &T) -> Result<(), Error> {
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        value.serialize(&mut **self)
    }

    fn end(self) -> Result<(), Error> {
        Ok(())
    }
}
