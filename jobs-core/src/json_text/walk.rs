//! Walks through a value while it is serialized, without writing it.

use serde::Serialize;
use serde::ser::{
    SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple, SerializeTupleStruct,
    SerializeTupleVariant, Serializer,
};

/// What is told about a value on the way through it.
pub(super) trait ValueVisitor {
    /// A number with a fraction.
    fn float(&mut self, _number: f64) {}

    /// An optional value that is present.
    fn some(&mut self) {}

    /// A key of a map or the name of a field.
    fn key(&mut self, _key: &str) {}

    /// A value that is JSON text already.
    fn json(&mut self, _text: &str) {}

    /// Whether the content of a newtype of this name is left out.
    fn skips(&self, _name: &str) -> bool {
        false
    }
}

/// Walks through a value.
pub(super) fn walk<T: Serialize + ?Sized, V: ValueVisitor>(value: &T, visit: &mut V) {
    // A value that cannot be serialized ends early. Writing it as JSON reports the error.
    let _ended_early = value.serialize(&mut Walk { visit, is_json: false });
}

struct Walk<'a, V> {
    visit: &'a mut V,
    /// Within a `RawValue` of `serde_json`, whose text is JSON.
    is_json: bool,
}

/// The name of the struct as which `serde_json` serializes a `RawValue`.
const RAW_VALUE: &str = "$serde_json::private::RawValue";

type Error = serde::de::value::Error;

/// Values without anything to tell.
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

impl<V: ValueVisitor> Serializer for &mut Walk<'_, V> {
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
        serialize_u128(u128) serialize_char(char) serialize_bytes(&[u8]) serialize_none()
        serialize_unit() serialize_unit_struct(&'static str)
        serialize_unit_variant(&'static str, u32, &'static str)
    }

    begins! {
        serialize_seq(Option<usize>) -> SerializeSeq
        serialize_tuple(usize) -> SerializeTuple
        serialize_tuple_struct(&'static str, usize) -> SerializeTupleStruct
        serialize_tuple_variant(&'static str, u32, &'static str, usize) -> SerializeTupleVariant
        serialize_map(Option<usize>) -> SerializeMap
        serialize_struct_variant(&'static str, u32, &'static str, usize) -> SerializeStructVariant
    }

    fn serialize_struct(self, name: &'static str, _: usize) -> Result<Self, Error> {
        self.is_json = name == RAW_VALUE;
        Ok(self)
    }

    fn serialize_str(self, text: &str) -> Result<(), Error> {
        if self.is_json {
            self.visit.json(text);
        }
        Ok(())
    }

    fn serialize_f32(self, number: f32) -> Result<(), Error> {
        self.serialize_f64(number.into())
    }

    fn serialize_f64(self, number: f64) -> Result<(), Error> {
        self.visit.float(number);
        Ok(())
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Error> {
        self.visit.some();
        value.serialize(self)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, name: &'static str, value: &T) -> Result<(), Error> {
        if self.visit.skips(name) { Ok(()) } else { value.serialize(self) }
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
    ($($parts:ident::$name:ident($($key:ident: $type:ty)?))*) => {
        $(impl<V: ValueVisitor> $parts for &mut Walk<'_, V> {
            type Ok = ();
            type Error = Error;

            fn $name<T: Serialize + ?Sized>(&mut self, $($key: $type,)? value: &T) -> Result<(), Error> {
                $(self.visit.key($key);)?
                value.serialize(&mut **self)
            }

            fn end(self) -> Result<(), Error> {
                self.is_json = false;
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
    SerializeStruct::serialize_field(key: &'static str)
    SerializeStructVariant::serialize_field(key: &'static str)
}

impl<V: ValueVisitor> SerializeMap for &mut Walk<'_, V> {
    type Ok = ();
    type Error = Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Error> {
        if let Ok(serde_json::Value::String(key)) = serde_json::to_value(key) {
            self.visit.key(&key);
        }
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        value.serialize(&mut **self)
    }

    fn end(self) -> Result<(), Error> {
        Ok(())
    }
}
