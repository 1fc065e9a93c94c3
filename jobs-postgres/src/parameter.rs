//! Parameters that can also be said as texts, for drivers that know no other types: as `PostgreSQL` itself writes them.

use std::fmt::Write as _;

use tokio_postgres::types::ToSql;

use crate::bind::Id;

/// What a statement takes: typed on our own connections, a text on those of others.
pub(crate) trait Parameter: ToSql + Sync {
    /// The value as a text that casts to it; `None` for `NULL`.
    fn text(&self) -> Option<String>;
}

/// The texts of parameters, in their order.
pub(crate) fn texts(parameters: &[&dyn Parameter]) -> Vec<Option<String>> {
    parameters.iter().map(|parameter| parameter.text()).collect()
}

/// Parameters as our own connections take them.
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
        for (place, element) in self.iter().enumerate() {
            if place > 0 {
                text.push(',');
            }
            element.write(&mut text);
        }
        text.push('}');
        Some(text)
    }
}

/// What a list is of.
pub(crate) trait Element {
    /// Writes the value as it stands in the text of an array.
    fn write(&self, out: &mut String);
}

macro_rules! plain {
    ($($type:ty),*) => {$(
        impl Element for $type {
            fn write(&self, out: &mut String) {
                // Writing to a text does not fail.
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
        for sign in self.chars() {
            if matches!(sign, '"' | '\\') {
                out.push('\\');
            }
            out.push(sign);
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
        let words = vec![Some("a,b".to_owned()), None, Some("NULL".to_owned()), Some("\"\\}".to_owned())];
        assert_eq!(words.text().as_deref(), Some(r#"{"a,b",NULL,"NULL","\"\\}"}"#));
    }
}
