//! Parses the arguments of a job, written as `name:type`.

use heck::ToSnakeCase;
use jobs::Error;
use jobs_core::spelling::nearest;
use syn::{GenericArgument, PathArguments, Type, TypePath};

use super::job_name::check_identifier;

/// Rails' types and the Rust types for them.
const RAILS_TYPES: &[(&str, &str)] = &[
    ("belongs_to", "u64"),
    ("bigint", "i64"),
    ("boolean", "bool"),
    ("date", "chrono::NaiveDate"),
    ("datetime", "chrono::DateTime<chrono::Utc>"),
    ("decimal", "rust_decimal::Decimal"),
    ("float", "f64"),
    ("integer", "i64"),
    ("references", "u64"),
    ("string", "String"),
    ("text", "String"),
    ("time", "chrono::DateTime<chrono::Utc>"),
    ("timestamp", "chrono::DateTime<chrono::Utc>"),
];
const INTEGER_TYPES: &[&str] =
    &["i8", "i16", "i32", "i64", "i128", "isize", "u8", "u16", "u32", "u64", "u128", "usize"];
const OTHER_TYPES: &[&str] = &["bool", "char", "f32", "f64", "String"];
/// Types with one type parameter.
const GENERIC_TYPES: &[&str] = &["Option", "Vec"];

/// An argument of a generated job.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Argument {
    pub(crate) name: String,
    /// The type, as Rust code.
    pub(crate) kind: String,
    /// A value for the generated test, as Rust code.
    pub(crate) sample: String,
    /// The crates that define the type.
    pub(crate) crates: Vec<String>,
}

impl Argument {
    /// Parses `user_id:u64`, `user_id:integer`, `note:string?`, `user:references`, or `template` for a string.
    fn parse(text: &str) -> Result<Self, Error> {
        let (name, kind) = text.split_once(':').unwrap_or((text, "string"));
        let is_reference = matches!(kind.trim_end_matches('?'), "references" | "belongs_to");
        let name = if is_reference && !name.ends_with("_id") { format!("{name}_id") } else { name.to_owned() };
        if name != name.to_snake_case() {
            let valid = valid_name(&name);
            let message = format!("`{name}` in `{text}` is not a valid name of an argument; write it as `{valid}`");
            return Err(Error::invalid(message));
        }
        check_identifier(&name)?;
        let kind_given = kind.trim();
        let kind = rust_type(kind_given, text)?;
        let mut crates = Vec::new();
        check_type(&syn::parse_str(&kind).map_err(|_| unknown_type(kind_given, text))?, text, &mut crates)?;
        let sample = sample(&name, &kind);
        Ok(Self { name, kind, sample, crates })
    }

    /// Parses all arguments of a job.
    pub(crate) fn parse_all(texts: &[String]) -> Result<Vec<Self>, Error> {
        let mut all: Vec<Self> = Vec::with_capacity(texts.len());
        for text in texts {
            let argument = Self::parse(text)?;
            if all.iter().any(|other| other.name == argument.name) {
                return Err(Error::invalid(format!("the argument `{}` is given twice; remove one", argument.name)));
            }
            all.push(argument);
        }
        Ok(all)
    }
}

fn valid_name(name: &str) -> String {
    let snake = name.to_snake_case();
    if snake.is_empty() { "user_id:u64".to_owned() } else { snake }
}

/// The Rust type for one of Rails' or of Rust's.
fn rust_type(kind: &str, text: &str) -> Result<String, Error> {
    if let Some(inner) = kind.strip_suffix('?') {
        return Ok(format!("Option<{}>", rust_type(inner, text)?));
    }
    if kind.is_empty() {
        return Err(Error::invalid(format!(
            "`{text}` has no type after its colon; write `{text}u64` or `{text}string`"
        )));
    }
    let known = RAILS_TYPES.iter().find(|(rails, _)| *rails == kind);
    Ok(known.map_or(kind, |(_, rust)| rust).to_owned())
}

/// Refuses types that are unknown or borrowed. A path with `::` is accepted, since only the compiler can check it.
fn check_type(kind: &Type, text: &str, crates: &mut Vec<String>) -> Result<(), Error> {
    let Type::Path(TypePath { qself: None, path, .. }) = kind else {
        let problem = "has a type that cannot be stored: arguments are owned, such as `String` or `Vec<u64>`";
        return Err(Error::invalid(format!("`{text}` {problem}")));
    };
    let (Some(first), Some(last)) = (path.segments.first(), path.segments.last()) else {
        return Err(unknown_type("", text));
    };
    let inner: Vec<&Type> = match &last.arguments {
        PathArguments::AngleBracketed(parameters) => parameters.args.iter().filter_map(type_parameter).collect(),
        PathArguments::None | PathArguments::Parenthesized(_) => Vec::new(),
    };
    let name = last.ident.to_string();
    let (is_path, parameters) = (path.segments.len() > 1, usize::from(GENERIC_TYPES.contains(&name.as_str())));
    let is_known = parameters == 1 || INTEGER_TYPES.contains(&name.as_str()) || OTHER_TYPES.contains(&name.as_str());
    if !is_path && (!is_known || inner.len() != parameters) {
        return Err(unknown_type(&name, text));
    }
    if is_path {
        crates.push(first.ident.to_string());
    }
    inner.into_iter().try_for_each(|kind| check_type(kind, text, crates))
}

fn type_parameter(argument: &GenericArgument) -> Option<&Type> {
    if let GenericArgument::Type(kind) = argument { Some(kind) } else { None }
}

fn unknown_type(name: &str, text: &str) -> Error {
    let rails = RAILS_TYPES.iter().map(|(rails, _)| *rails);
    let known: Vec<&str> = rails.chain([INTEGER_TYPES, OTHER_TYPES, GENERIC_TYPES].concat()).collect();
    // Rails' types are accepted only at the top level, so within `Vec<..>` the Rust type is suggested.
    let nested = RAILS_TYPES.iter().find(|(rails, _)| *rails == name).map(|(_, rust)| *rust);
    let hint = nested.or_else(|| nearest(name, &known)).map(|near| format!("; did you mean `{near}`?"));
    let hint = hint.unwrap_or_default();
    Error::invalid(format!(
        "`{name}` in `{text}` is not a known type; write one of Rust's such as `u64` or `Option<String>`, one of Rails' such \
         as `integer`, or your own with its path such as `crate::Size`{hint}"
    ))
}

fn sample(name: &str, kind: &str) -> String {
    match kind {
        integer if INTEGER_TYPES.contains(&integer) => "1".to_owned(),
        "bool" => "true".to_owned(),
        "char" => "'a'".to_owned(),
        "f32" | "f64" => "1.0".to_owned(),
        "String" => format!("\"{name}\""),
        optional if optional.starts_with("Option<") => "None".to_owned(),
        list if list.starts_with("Vec<") => "Vec::new()".to_owned(),
        _ => "Default::default()".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::Argument;

    #[test]
    fn types_are_those_of_rust_or_rails() {
        for (text, name, kind, sample) in [
            ("user_id:u64", "user_id", "u64", "1"),
            ("user_id:integer", "user_id", "i64", "1"),
            ("template:string", "template", "String", "\"template\""),
            ("template", "template", "String", "\"template\""),
            ("body:text?", "body", "Option<String>", "None"),
            ("note:Option<String>", "note", "Option<String>", "None"),
            ("ids:Vec<u64>", "ids", "Vec<u64>", "Vec::new()"),
            ("user:references", "user_id", "u64", "1"),
            ("user_id:belongs_to", "user_id", "u64", "1"),
            ("share:float", "share", "f64", "1.0"),
            ("live:boolean", "live", "bool", "true"),
            ("size:crate::Size", "size", "crate::Size", "Default::default()"),
            ("at:datetime", "at", "chrono::DateTime<chrono::Utc>", "Default::default()"),
        ] {
            let argument = Argument::parse(text).unwrap();
            assert_eq!(
                (argument.name.as_str(), argument.kind.as_str(), argument.sample.as_str()),
                (name, kind, sample)
            );
        }
    }

    #[test]
    fn arguments_that_would_not_compile_are_refused() {
        for (text, expected) in [
            ("user_id:intger", "did you mean `integer`?"),
            ("name:Sting", "did you mean `String`?"),
            ("names:Vec<string>", "did you mean `String`?"),
            ("names:Vec", "`Vec` in `names:Vec` is not a known type"),
            ("name:&str", "arguments are owned"),
            ("name:", "has no type"),
            ("name:u64; fn x() {}", "is not a known type"),
            ("type:string", "a keyword of Rust"),
            ("userId:u64", "write it as `user_id`"),
            ("_name:u64", "write it as `name`"),
            ("1st:u64", "not a valid name in Rust"),
            (":u64", "not a valid name in Rust"),
        ] {
            let error = Argument::parse(text).unwrap_err().to_string();
            assert!(error.contains(expected), "{text}: {error}");
        }
        let duplicate = Argument::parse_all(&["user:references".to_owned(), "user_id:u64".to_owned()]);
        assert!(duplicate.unwrap_err().to_string().contains("`user_id` is given twice"));
    }
}
