//! Parameters that can also be sent as texts, in the format of `PostgreSQL`, for drivers that know no other types.

use std::fmt::Write as _;

use tokio_postgres::types::ToSql;

use super::bind::Id;

/// A parameter of a statement: typed on this store's own connections, a text on those of a caller.
pub(crate) trait Parameter: ToSql + Sync {
    /// The value as a text that casts to it; `None` for `NULL`.
    fn text(&self) -> Option<String>;
}

/// Parameters as texts.
pub(crate) fn texts(parameters: &[&dyn Parameter]) -> Vec<Option<String>> {
    parameters.iter().map(|parameter| parameter.text()).collect()
}

/// Parameters as this store's own connections take them.
pub(crate) fn typed<'a>(parameters: &[&'a dyn Parameter]) -> Vec<&'a (dyn ToSql + Sync)> {
    parameters.iter().map(|parameter| *parameter as &(dyn ToSql + Sync)).collect()
}

impl Parameter for Option<i64> {
    fn text(&self) -> Option<String> {
        self.map(|number| number.to_string())
    }
}

impl Parameter for bool {
    fn text(&self) -> Option<String> {
        Some(self.to_string())
    }
}

impl<T: Element + ToSql + Sync> Parameter for Vec<T> {
    fn text(&self) -> Option<String> {
        let mut text = String::from("{");
        for (index, element) in self.iter().enumerate() {
            if index > 0 {
                text.push(',');
            }
            element.write(&mut text);
        }
        text.push('}');
        Some(text)
    }
}

/// An element of a list.
pub(crate) trait Element {
    /// Writes the value in the text format of an array.
    fn write(&self, out: &mut String);
}

macro_rules! plain {
    ($($type:ty),*) => {$(
        impl Element for $type {
            fn write(&self, out: &mut String) {
                // Writing to a `String` cannot fail.
                let _written = write!(out, "{self}");
            }
        }
    )*};
}

plain!(i16, i32, i64);

impl Element for Id {
    fn write(&self, out: &mut String) {
        let _written = write!(out, "{}", self.0);
    }
}

impl Element for String {
    fn write(&self, out: &mut String) {
        out.push('"');
        for character in self.chars() {
            if matches!(character, '"' | '\\') {
                out.push('\\');
            }
            out.push(character);
        }
        out.push('"');
    }
}

impl<T: Element> Element for Option<T> {
    fn write(&self, out: &mut String) {
        match self {
            Some(value) => value.write(out),
            None => out.push_str("NULL"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_written_as_the_server_writes_it() {
        assert_eq!(vec![1_i64, -2].text().as_deref(), Some("{1,-2}"));
        assert_eq!(Vec::<i64>::new().text().as_deref(), Some("{}"));
        let texts = vec![Some("a,b".to_owned()), None, Some("NULL".to_owned()), Some("\"\\}".to_owned())];
        assert_eq!(texts.text().as_deref(), Some(r#"{"a,b",NULL,"NULL","\"\\}"}"#));
    }
}
