//! Arguments: named fields here, a list of values in Resque.

use jobs_active_job::JsonFields;
use jobs_core::{Error, NewJob, Signature};
use serde_json::value::RawValue;

/// How the text of our arguments is kept in a payload.
#[derive(Debug)]
pub(crate) struct Arguments {
    /// The list that Ruby calls `perform` with.
    pub(crate) list: Box<RawValue>,
    /// The names of its elements, if the arguments are an object.
    pub(crate) names: Option<Vec<String>>,
    /// The text itself, where list and names do not give it back letter by letter.
    pub(crate) text: Option<String>,
}

impl Arguments {
    /// The arguments of a job: those of its signature in their order, otherwise the values of the object in theirs. A
    /// positional argument that is missing is `null` if a later one is given, and left out otherwise.
    ///
    /// # Errors
    /// A keyword is given, which Resque cannot pass. The error [is invalid](Error::is_invalid).
    pub(crate) fn of(job: &NewJob) -> Result<Self, Error> {
        let text = job.arguments.as_str();
        if let Some(list) = list(text) {
            // The reader of JSON leaves out white space around the value.
            let kept = (list.get() != text).then(|| text.to_owned());
            return Ok(Self { list, names: None, text: kept });
        }
        let object = last_of_equal(&serde_json::from_str(text).unwrap_or_default());
        let fields = match &job.signature {
            Some(signature) => in_order(&object, signature, &job.name)?,
            None => object.iter().collect(),
        };
        let values: Vec<&str> = fields.iter().map(|(_, value)| *value).collect();
        let list = RawValue::from_string(format!("[{}]", values.join(","))).unwrap_or_default();
        let names = fields.iter().map(|(name, _)| (*name).to_owned()).collect();
        let kept = (object_of(fields.iter().copied()) != text).then(|| text.to_owned());
        Ok(Self { list, names: Some(names), text: kept })
    }
}

/// Of equal keys the last one counts, in its place, as in Ruby.
fn last_of_equal(object: &JsonFields) -> JsonFields {
    let mut fields = JsonFields::default();
    for (key, value) in object.iter() {
        if let Ok(value) = RawValue::from_string(value.to_owned()) {
            fields.remove(key);
            fields.set(key, value);
        }
    }
    fields
}

fn list(text: &str) -> Option<Box<RawValue>> {
    text.starts_with('[').then(|| RawValue::from_string(text.to_owned()).ok()).flatten()
}

fn in_order<'a>(object: &'a JsonFields, signature: &Signature, job: &str) -> Result<Vec<(&'a str, &'a str)>, Error> {
    if let Some((name, _)) = object.iter().find(|(name, _)| signature.keywords.contains(name)) {
        return Err(Error::invalid(format!(
            "`{name}` of the job `{job}` is a keyword, and Resque passes none: write jobs of Active Job with `jobs=active_job`, \
             make it a positional parameter, or pass a map, which is a hash with texts as keys"
        )));
    }
    let mut fields: Vec<(&str, &str)> = Vec::new();
    for (index, &name) in signature.positional.iter().enumerate() {
        if let Some(value) = object.get(name) {
            fields.extend(signature.positional[fields.len()..index].iter().map(|&gap| (gap, "null")));
            fields.push((name, value.get()));
        }
    }
    fields.extend(object.iter().filter(|(name, _)| !signature.positional.contains(name)));
    Ok(fields)
}

/// The arguments of a list with these names. Without names, or with another number of them, it is the list itself.
pub(crate) fn named(list: &str, names: Option<&[String]>) -> String {
    let with_names = names.and_then(|names| {
        let values: Vec<&RawValue> = serde_json::from_str(list).ok()?;
        let pairs = names.iter().map(String::as_str).zip(values.iter().map(|value| value.get()));
        (names.len() == values.len()).then(|| object_of(pairs))
    });
    with_names.unwrap_or_else(|| list.to_owned())
}

fn object_of<'a>(pairs: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let mut object = JsonFields::default();
    for (key, value) in pairs {
        if let Ok(value) = RawValue::from_string(value.to_owned()) {
            object.set(key, value);
        }
    }
    serde_json::to_string(&object).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jobs_core::JobId;

    fn of(text: &str, signature: Option<Signature>) -> Result<Arguments, Error> {
        let mut job = NewJob::new(JobId::from_number(1), "charge", text);
        job.signature = signature;
        Arguments::of(&job)
    }

    #[test]
    fn the_values_of_named_arguments_are_the_list_that_ruby_gets() {
        let text = r#"{"order_id":42,"amount":9007199254740993123,"note":"Grüße","tags":[]}"#;
        let arguments = of(text, None).unwrap();
        assert_eq!(arguments.list.get(), r#"[42,9007199254740993123,"Grüße",[]]"#);
        assert_eq!(arguments.text, None);
        assert_eq!(named(arguments.list.get(), arguments.names.as_deref()), text);
        assert_eq!(named("[1,2]", Some(&["a".to_owned()])), "[1,2]", "Ruby made the list longer");
    }

    #[test]
    fn a_list_stays_a_list_and_other_texts_are_kept_beside_it() {
        assert_eq!(of("[1,{}]", None).unwrap().list.get(), "[1,{}]");
        for text in ["", "7", "{ \"a\": 1 }", "no json", "[1", " [1]", "[1] ", r#"{"a":1,"a":2}"#] {
            assert_eq!(of(text, None).unwrap().text.as_deref(), Some(text), "{text:?}");
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
    }
}
