//! Arguments: named fields here, a list of values in Ruby.

use jobs_active_job::{Hash, HashKind, Value, call};
use jobs_core::{Error, NewJob, Signature};
use serde_json::value::RawValue;

use super::object::{Object, text_of};

/// How the text of our arguments is kept in a payload.
#[derive(Debug)]
pub(crate) struct Args {
    /// The list that Ruby calls `perform` with.
    pub(crate) list: Box<RawValue>,
    /// The names of its elements, if the arguments are an object.
    pub(crate) names: Option<Vec<String>>,
    /// The text itself, where list and names do not give it back letter by letter.
    pub(crate) text: Option<String>,
}

impl Args {
    /// The form of this text. The values of an object become the list, in their order.
    pub(crate) fn of(text: &str) -> Self {
        let is_list = text.starts_with('[') && serde_json::from_str::<&RawValue>(text).is_ok();
        if let Some(list) = is_list.then(|| raw(text)).flatten() {
            // The reader of JSON leaves out white space around the value.
            let text = (list.get() != text).then(|| text.to_owned());
            return Self { list, names: None, text };
        }
        let object = Object::parse(text).unwrap_or_default();
        Self::of_fields(&object.entries().collect::<Vec<_>>(), text)
    }

    /// The arguments of a job, in the order of its signature. A positional argument that is missing is `null` if a later one
    /// is given, and left out otherwise.
    ///
    /// # Errors
    /// A keyword is given, which Sidekiq cannot pass. The error [is invalid](Error::is_invalid).
    pub(crate) fn of_call(job: &NewJob, signature: &Signature) -> Result<Self, Error> {
        let text = job.arguments.as_str();
        let Some(object) = Object::parse(text) else { return Ok(Self::of(text)) };
        if let Some((name, _)) = object.entries().find(|(name, _)| signature.keywords.contains(name)) {
            return Err(Error::invalid(format!(
                "`{name}` of the job `{}` is a keyword, and Sidekiq passes none: write jobs of Active Job with \
                 `jobs=active_job`, make it a positional parameter, or pass a map, which is a hash with texts as keys",
                job.name
            )));
        }
        let mut fields = Vec::new();
        for (index, &name) in signature.positional.iter().enumerate() {
            if let Some(value) = object.raw(name) {
                fields.extend(signature.positional[fields.len()..index].iter().map(|&gap| (gap, "null")));
                fields.push((name, value));
            }
        }
        fields.extend(object.entries().filter(|(name, _)| !signature.positional.contains(name)));
        Ok(Self::of_fields(&fields, text))
    }

    fn of_fields(fields: &[(&str, &str)], text: &str) -> Self {
        let values: Vec<&str> = fields.iter().map(|(_, value)| *value).collect();
        let list = raw(&format!("[{}]", values.join(","))).unwrap_or_default();
        let names: Vec<String> = fields.iter().map(|(name, _)| (*name).to_owned()).collect();
        let text = (text_of(fields.iter().copied()) != text).then(|| text.to_owned());
        Self { list, names: Some(names), text }
    }
}

/// Refuses arguments that a job of Sidekiq without Active Job cannot have. Sidekiq itself refuses them since 7.0 (its strict
/// arguments): `perform` would get a hash in their place.
///
/// # Errors
/// There is one; the error [is invalid](Error::is_invalid).
pub(crate) fn check_plain(job: &NewJob) -> Result<(), Error> {
    // The name of a key may be written with escapes. What is not a call is stored as it is.
    if !job.arguments.contains("_aj_") && !job.arguments.contains("\\u") {
        return Ok(());
    }
    let Some(kind) = call(&job.arguments, None).ok().and_then(|values| values.iter().find_map(kind_of_ruby)) else {
        return Ok(());
    };
    Err(Error::invalid(format!(
        "an argument of the job `{}` is {kind}, and jobs of Sidekiq without Active Job have only what JSON has: pass a \
         text, a number, a list or a map, or write jobs of Active Job with `jobs=active_job`",
        job.name
    )))
}

/// What a value is in Ruby, unless it is plain JSON.
fn kind_of_ruby(value: &Value) -> Option<&'static str> {
    match value {
        Value::Plain(_) => None,
        Value::Array(values) => values.iter().find_map(kind_of_ruby),
        Value::Hash(Hash { kind, entries, .. }) => match kind {
            HashKind::Keys(keys) if !keys.is_empty() => Some("a hash with symbols as keys"),
            HashKind::Indifferent => Some("a hash with indifferent access"),
            _ => entries.iter().find_map(|(_, value)| kind_of_ruby(value)),
        },
        Value::Symbol(_) => Some("a symbol"),
        Value::Decimal(_) => Some("a decimal"),
        Value::Date(_) => Some("a date"),
        Value::Time(_) | Value::DateTime(_) | Value::ZonedTime { .. } => Some("a time of Ruby"),
        Value::Duration { .. } => Some("a duration"),
        Value::Range { .. } => Some("a range"),
        Value::Module(_) => Some("a class"),
        Value::GlobalId(_) => Some("a record"),
        _ => Some("a value of a serializer"),
    }
}

/// The arguments of a list with these names. Without names, or with another number of them, it is the list itself.
pub(crate) fn named(list: &str, names: Option<&[String]>) -> String {
    let with_names = names.and_then(|names| {
        let values: Vec<&RawValue> = serde_json::from_str(list).ok()?;
        let pairs = names.iter().map(String::as_str).zip(values.iter().map(|value| value.get()));
        (names.len() == values.len()).then(|| text_of(pairs))
    });
    with_names.unwrap_or_else(|| list.to_owned())
}

fn raw(text: &str) -> Option<Box<RawValue>> {
    RawValue::from_string(text.to_owned()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_values_of_named_arguments_are_the_list_that_ruby_gets() {
        let text = r#"{"order_id":42,"amount":9007199254740993123,"note":"Grüße","tags":[]}"#;
        let args = Args::of(text);
        assert_eq!(args.list.get(), r#"[42,9007199254740993123,"Grüße",[]]"#);
        assert_eq!(args.text, None);
        assert_eq!(named(args.list.get(), args.names.as_deref()), text);
    }

    #[test]
    fn a_list_stays_a_list_and_other_texts_are_kept_beside_it() {
        assert_eq!(Args::of("[1,{}]").list.get(), "[1,{}]");
        for text in ["", "7", "{ \"a\": 1 }", "no json", "[1", " [1]", "[1] "] {
            assert_eq!(Args::of(text).text.as_deref(), Some(text), "{text:?}");
        }
    }

    #[test]
    fn a_list_that_ruby_made_longer_is_taken_as_it_is() {
        assert_eq!(named("[1,2]", Some(&["a".to_owned()])), "[1,2]");
    }
}
