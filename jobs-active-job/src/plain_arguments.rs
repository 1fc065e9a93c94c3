//! Arguments of jobs that are none of Active Job: named fields here, a list of values in Ruby.

use jobs_core::{Error, NewJob, Signature};
use serde_json::value::RawValue;

use crate::json_object::{JsonObject, object_text};

/// How the text of our arguments is kept in a payload of Sidekiq or Resque.
#[derive(Debug)]
pub struct PlainArguments {
    /// The list that Ruby calls `perform` with.
    pub list: Box<RawValue>,
    /// The names of its elements, if the arguments are an object.
    pub names: Option<Vec<String>>,
    /// The text itself, where list and names do not give it back letter by letter.
    pub text: Option<String>,
}

impl PlainArguments {
    /// The arguments in this text. The values of an object become the list, in their order.
    pub fn of_text(text: &str) -> Self {
        if let Some(list) = list(text) {
            // The reader of JSON leaves out white space around the value.
            let text = (list.get() != text).then(|| text.to_owned());
            return Self { list, names: None, text };
        }
        let object = JsonObject::parse(text).unwrap_or_default();
        Self::of_fields(&object.entries().collect::<Vec<_>>(), text)
    }

    /// The arguments of a job: those of its signature in their order, otherwise the values of the object in theirs. A positional
    /// argument that is missing is `null` if a later one is given, and left out otherwise. `software` is for errors: `Sidekiq`.
    ///
    /// # Errors
    /// A keyword is given, which that software cannot pass. The error [is invalid](Error::is_invalid).
    pub fn of(job: &NewJob, software: &str) -> Result<Self, Error> {
        let text = job.arguments.as_str();
        let Some(signature) = &job.signature else { return Ok(Self::of_text(text)) };
        let Some(object) = JsonObject::parse(text) else { return Ok(Self::of_text(text)) };
        Ok(Self::of_fields(&in_order(&object, signature, &job.name, software)?, text))
    }

    fn of_fields(fields: &[(&str, &str)], text: &str) -> Self {
        let values: Vec<&str> = fields.iter().map(|(_, value)| *value).collect();
        let list = RawValue::from_string(format!("[{}]", values.join(","))).unwrap_or_default();
        let names = fields.iter().map(|(name, _)| (*name).to_owned()).collect();
        let text = (object_text(fields.iter().copied()) != text).then(|| text.to_owned());
        Self { list, names: Some(names), text }
    }
}

fn list(text: &str) -> Option<Box<RawValue>> {
    text.starts_with('[').then(|| RawValue::from_string(text.to_owned()).ok()).flatten()
}

fn in_order<'a>(
    object: &'a JsonObject,
    signature: &Signature,
    job: &str,
    software: &str,
) -> Result<Vec<(&'a str, &'a str)>, Error> {
    if let Some((name, _)) = object.entries().find(|(name, _)| signature.keywords.contains(name)) {
        return Err(Error::invalid(format!(
            "`{name}` of the job `{job}` is a keyword, and {software} passes none: write jobs of Active Job with \
             `jobs=active_job`, make it a positional parameter, or pass a map, which is a hash with texts as keys"
        )));
    }
    let mut fields: Vec<(&str, &str)> = Vec::new();
    for (index, &name) in signature.positional.iter().enumerate() {
        if let Some(value) = object.raw(name) {
            fields.extend(signature.positional[fields.len()..index].iter().map(|&gap| (gap, "null")));
            fields.push((name, value));
        }
    }
    fields.extend(object.entries().filter(|(name, _)| !signature.positional.contains(name)));
    Ok(fields)
}

/// The arguments of a list with these names. Without names, or with another number of them, it is the list itself.
pub fn named_arguments(list: &str, names: Option<&[String]>) -> String {
    let with_names = names.and_then(|names| {
        let values: Vec<&RawValue> = serde_json::from_str(list).ok()?;
        let pairs = names.iter().map(String::as_str).zip(values.iter().map(|value| value.get()));
        (names.len() == values.len()).then(|| object_text(pairs))
    });
    with_names.unwrap_or_else(|| list.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use jobs_core::JobId;

    fn of(text: &str, signature: Option<Signature>) -> Result<PlainArguments, Error> {
        let mut job = NewJob::new(JobId::from_number(1), "charge", text);
        job.signature = signature;
        PlainArguments::of(&job, "Resque")
    }

    #[test]
    fn the_values_of_named_arguments_are_the_list_that_ruby_gets() {
        let text = r#"{"order_id":42,"amount":9007199254740993123,"note":"Grüße","tags":[]}"#;
        let arguments = of(text, None).unwrap();
        assert_eq!(arguments.list.get(), r#"[42,9007199254740993123,"Grüße",[]]"#);
        assert_eq!(arguments.text, None);
        assert_eq!(named_arguments(arguments.list.get(), arguments.names.as_deref()), text);
        assert_eq!(named_arguments("[1,2]", Some(&["a".to_owned()])), "[1,2]", "Ruby made the list longer");
    }

    #[test]
    fn a_list_stays_a_list_and_other_texts_are_kept_beside_it() {
        for signature in [None, Some(Signature::new(&["order"]))] {
            assert_eq!(of("[1,{}]", signature).unwrap().list.get(), "[1,{}]");
            for text in ["", "7", "{ \"a\": 1 }", "no json", "[1", " [1]", "[1] ", r#"{"a":1,"a":2}"#] {
                assert_eq!(of(text, signature).unwrap().text.as_deref(), Some(text), "{text:?}");
            }
        }
    }

    #[test]
    fn of_equal_names_the_last_counts_as_in_ruby() {
        let arguments = of(r#"{"a":1,"b":2,"\u0061":3}"#, None).unwrap();
        assert_eq!((arguments.list.get(), arguments.names), ("[2,3]", Some(vec!["b".to_owned(), "a".to_owned()])));
    }

    #[test]
    fn arguments_stand_in_the_order_of_the_signature_with_null_for_gaps() {
        let signature = Signature::new(&["order", "amount", "note"]);
        let arguments = of(r#"{"note":"x","order":7}"#, Some(signature)).unwrap();
        assert_eq!(arguments.list.get(), r#"[7,null,"x"]"#);
        let error = of(r#"{"fast":true}"#, Some(signature.keywords(&["fast"]))).unwrap_err();
        assert!(error.is_invalid() && error.to_string().contains("`fast`"), "{error}");
        assert!(error.to_string().contains("Resque passes none"), "{error}");
    }
}
