//! Arguments: named fields here, a list of Active Job in the table.

use jobs_active_job::{Hash, HashKind, Rails, Value, call, check_keys, from_ruby};
use jobs_core::{Error, NewJob};
use serde_json::value::RawValue;

use super::RowPayload;
use crate::rails_json::escaped;

/// How the text of our arguments is kept.
#[derive(Debug)]
pub(crate) struct Arguments {
    /// The list of Active Job, that Ruby calls `perform` with.
    pub(crate) list: String,
    /// The names of its elements, if the arguments are an object; no names of a list. Keywords have theirs in the list.
    pub(crate) names: Option<Vec<String>>,
    /// The text itself, where list and names do not give it back letter by letter.
    pub(crate) text: Option<String>,
}

impl Arguments {
    /// The arguments of a new job. What is neither an object nor a list is kept as a text, and Ruby gets no arguments.
    ///
    /// # Errors
    /// A key begins with `_aj_`, or this release of Rails has no form for a value. The error [is invalid](Error::is_invalid).
    pub(crate) fn of(job: &NewJob, rails: Rails) -> Result<Self, Error> {
        check_keys(job)?;
        let text = job.arguments.as_str();
        let values = match call(text, job.signature.as_ref()) {
            Ok(values) => values,
            Err(error) if error.is_corrupt() => {
                return Ok(Self { list: "[]".to_owned(), names: None, text: Some(text.to_owned()) });
            }
            Err(error) => return Err(error),
        };
        let has_keywords = matches!(values.last(), Some(Value::Hash(Hash { kind: HashKind::Keywords(_), .. })));
        let names = names_of(job).filter(|_| !has_keywords).map(|mut names| {
            names.truncate(values.len());
            names
        });
        let list = escaped(Value::Array(values).to_json(rails)?);
        let is_said = has_keywords || named(&list, names.as_deref()) == text;
        let (names, text) = if is_said { (names, None) } else { (None, Some(text.to_owned())) };
        Ok(Self { list, names, text })
    }
}

/// The list of Active Job for the arguments of a job.
///
/// # Errors
/// As [`Arguments::of`].
pub(crate) fn list_of(job: &NewJob, rails: Rails) -> Result<String, Error> {
    Arguments::of(job, rails).map(|kept| kept.list)
}

/// The names of the fields in the order of the list; `None` of a list for a class of Ruby.
fn names_of(job: &NewJob) -> Option<Vec<String>> {
    match &job.signature {
        None if !job.arguments.starts_with('{') => Some(Vec::new()),
        Some(_) if !job.arguments.starts_with('{') => None,
        Some(signature) => Some(signature.positional.iter().map(|&name| name.to_owned()).collect()),
        None => {
            let fields: jobs_active_job::JsonFields = serde_json::from_str(&job.arguments).ok()?;
            Some(fields.iter().map(|(name, _)| name.to_owned()).collect())
        }
    }
}

/// The arguments as `jobs` reads them: an object if there is a name for each of the list, otherwise the list.
fn named(list: &str, names: Option<&[String]>) -> String {
    let plain = from_ruby(list).unwrap_or(list.into());
    let with_names = names.and_then(|names| {
        let values: Vec<&RawValue> = serde_json::from_str(&plain).ok()?;
        let field =
            |(name, value): (&String, &&RawValue)| format!("{}:{}", serde_json::Value::from(&**name), value.get());
        let fields: Vec<String> = names.iter().zip(&values).map(field).collect();
        (names.len() == values.len()).then(|| format!("{{{}}}", fields.join(",")))
    });
    with_names.unwrap_or_else(|| plain.into_owned())
}

impl RowPayload {
    /// The arguments as JSON text.
    pub(crate) fn arguments(&self) -> String {
        self.own.text.clone().unwrap_or_else(|| named(self.job.arguments(), self.own.names.as_deref()))
    }
}

#[cfg(test)]
mod tests {
    use jobs_core::{JobId, Signature};

    use super::*;

    fn arguments(text: &str, signature: Option<Signature>) -> Arguments {
        let mut job = NewJob::new(JobId::from_number(1), "charge", text);
        job.signature = signature;
        Arguments::of(&job, Rails::default()).unwrap()
    }

    #[test]
    fn an_object_becomes_a_list_with_names_and_comes_back_letter_by_letter() {
        let text = r#"{"order_id":42,"amount":9007199254740993123,"note":"Grüße","rate":1.50,"tags":{"a":[]}}"#;
        let kept = arguments(text, None);
        assert_eq!(kept.list, r#"[42,9007199254740993123,"Grüße",1.50,{"a":[],"_aj_symbol_keys":[]}]"#);
        assert_eq!((named(&kept.list, kept.names.as_deref()), kept.text), (text.to_owned(), None));
    }

    #[test]
    fn keywords_are_marked_for_ruby_and_need_no_names() {
        let signature = Signature::new(&["user_id"]).keywords(&["message"]);
        let kept = arguments(r#"{"user_id":7,"message":"Hello"}"#, Some(signature));
        assert_eq!(kept.list, r#"[7,{"message":"Hello","_aj_ruby2_keywords":["message"]}]"#);
        assert_eq!((kept.names, kept.text), (None, None));
    }

    #[test]
    fn a_list_stays_a_list_and_other_texts_are_kept_beside_it() {
        let list = arguments("[1,{\"a\":null}]", None);
        assert_eq!((list.list.as_str(), list.text), (r#"[1,{"a":null,"_aj_symbol_keys":[]}]"#, None));
        for text in ["", "7", "{ \"a\": 1 }", "no json", "[1", " [1]", "\"text\""] {
            assert_eq!(arguments(text, None).text.as_deref(), Some(text), "{text:?}");
        }
    }

    #[test]
    fn a_reserved_key_is_refused_and_the_error_names_it() {
        let job = NewJob::new(JobId::from_number(1), "charge", r#"{"a":{"_aj_globalid":"gid://shop/User/1"}}"#);
        let refused = Arguments::of(&job, Rails::default()).map(|kept| kept.list);
        assert!(refused.is_ok_and(|list| list.contains("_aj_globalid")), "a type of Ruby wrote it");
        let mut of_a_form = job;
        of_a_form.reserved_key = Some("_aj_globalid".to_owned());
        let error = Arguments::of(&of_a_form, Rails::default()).unwrap_err();
        assert!(error.is_invalid() && error.to_string().contains("_aj_globalid"), "{error}");
    }
}
