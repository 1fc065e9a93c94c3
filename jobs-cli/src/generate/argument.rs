//! The arguments of a job, from `name:type`.

use heck::ToSnakeCase;
use jobs::Error;
use jobs_core::spelling::nearest;
use syn::{GenericArgument, PathArguments, Type, TypePath};

use super::name::identifier;

/// Rails' words, and what they are here.
const RAILS: &[(&str, &str)] = &[
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
const WHOLE: &[&str] = &["i8", "i16", "i32", "i64", "i128", "isize", "u8", "u16", "u32", "u64", "u128", "usize"];
const OTHERS: &[&str] = &["bool", "char", "f32", "f64", "String"];
/// Types around one other.
const AROUND: &[&str] = &["Option", "Vec"];

/// An argument.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Argument {
    pub(crate) name: String,
    /// Its type, as it is written.
    pub(crate) kind: String,
    /// A value of it, for the test.
    pub(crate) sample: String,
    /// The crates that its type comes from.
    pub(crate) crates: Vec<String>,
}

impl Argument {
    /// Reads `user_id:u64`, `user_id:integer`, `note:string?`, `user:references`, or `template` for a text.
    fn parse(text: &str) -> Result<Self, Error> {
        let (name, word) = text.split_once(':').unwrap_or((text, "string"));
        let link = matches!(word.trim_end_matches('?'), "references" | "belongs_to");
        let name = if link && !name.ends_with("_id") { format!("{name}_id") } else { name.to_owned() };
        if name != name.to_snake_case() {
            let words = format!("`{name}` in `{text}` is no name of an argument; write it as `{}`", example(&name));
            return Err(Error::invalid(words));
        }
        identifier(&name)?;
        let kind = rust(word.trim(), text)?;
        let mut crates = Vec::new();
        check(&syn::parse_str(&kind).map_err(|_| unknown(word, text))?, text, &mut crates)?;
        let sample = sample(&name, &kind);
        Ok(Self { name, kind, sample, crates })
    }

    /// Reads all the arguments of a job.
    pub(crate) fn parse_all(texts: &[String]) -> Result<Vec<Self>, Error> {
        let mut all: Vec<Self> = Vec::with_capacity(texts.len());
        for text in texts {
            let argument = Self::parse(text)?;
            if all.iter().any(|other| other.name == argument.name) {
                return Err(Error::invalid(format!("the argument `{}` is there twice; keep one", argument.name)));
            }
            all.push(argument);
        }
        Ok(all)
    }
}

fn example(name: &str) -> String {
    let snake = name.to_snake_case();
    if snake.is_empty() { "user_id:u64".to_owned() } else { snake }
}

/// The type in Rust's words.
fn rust(word: &str, text: &str) -> Result<String, Error> {
    if let Some(inner) = word.strip_suffix('?') {
        return Ok(format!("Option<{}>", rust(inner, text)?));
    }
    if word.is_empty() {
        return Err(Error::invalid(format!(
            "`{text}` has no type after its colon; write `{text}u64` or `{text}string`"
        )));
    }
    let known = RAILS.iter().find(|(rails, _)| *rails == word);
    Ok(known.map_or(word, |(_, rust)| rust).to_owned())
}

/// Refuses what is no type that is known and owned; a path with `::` is taken as it is.
fn check(kind: &Type, text: &str, crates: &mut Vec<String>) -> Result<(), Error> {
    let Type::Path(TypePath { qself: None, path, .. }) = kind else {
        let words = "is none of a type that can be stored: arguments are owned, as `String` or `Vec<u64>`";
        return Err(Error::invalid(format!("`{text}` {words}")));
    };
    let (Some(first), Some(last)) = (path.segments.first(), path.segments.last()) else {
        return Err(unknown("", text));
    };
    let inner: Vec<&Type> = match &last.arguments {
        PathArguments::AngleBracketed(between) => between.args.iter().filter_map(inner).collect(),
        PathArguments::None | PathArguments::Parenthesized(_) => Vec::new(),
    };
    let word = last.ident.to_string();
    let (own, wanted) = (path.segments.len() > 1, usize::from(AROUND.contains(&word.as_str())));
    let known = wanted == 1 || WHOLE.contains(&word.as_str()) || OTHERS.contains(&word.as_str());
    if !own && (!known || inner.len() != wanted) {
        return Err(unknown(&word, text));
    }
    if own {
        crates.push(first.ident.to_string());
    }
    inner.into_iter().try_for_each(|kind| check(kind, text, crates))
}

fn inner(argument: &GenericArgument) -> Option<&Type> {
    if let GenericArgument::Type(kind) = argument { Some(kind) } else { None }
}

fn unknown(word: &str, text: &str) -> Error {
    let rails = RAILS.iter().map(|(word, _)| *word);
    let known: Vec<&str> = rails.chain([WHOLE, OTHERS, AROUND].concat()).collect();
    // Within another type a word is Rust's.
    let inside = RAILS.iter().find(|(rails, _)| *rails == word).map(|(_, rust)| *rust);
    let guess = inside.or_else(|| nearest(word, &known)).map(|near| format!("; did you mean `{near}`?"));
    let guess = guess.unwrap_or_default();
    Error::invalid(format!(
        "`{word}` in `{text}` is no type that is known; write one of Rust's as `u64` or `Option<String>`, one of Rails' as \
         `integer`, or your own with its path as `crate::Size`{guess}"
    ))
}

fn sample(name: &str, kind: &str) -> String {
    match kind {
        whole if WHOLE.contains(&whole) => "1".to_owned(),
        "bool" => "true".to_owned(),
        "char" => "'a'".to_owned(),
        "f32" | "f64" => "1.0".to_owned(),
        "String" => format!("\"{name}\""),
        optional if optional.starts_with("Option<") => "None".to_owned(),
        many if many.starts_with("Vec<") => "Vec::new()".to_owned(),
        _ => "Default::default()".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::Argument;

    #[test]
    fn types_are_rusts_or_rails() {
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
        for (text, words) in [
            ("user_id:intger", "did you mean `integer`?"),
            ("name:Sting", "did you mean `String`?"),
            ("names:Vec<string>", "did you mean `String`?"),
            ("names:Vec", "`Vec` in `names:Vec` is no type"),
            ("name:&str", "arguments are owned"),
            ("name:", "has no type"),
            ("name:u64; fn x() {}", "is no type"),
            ("type:string", "a word of Rust's own"),
            ("userId:u64", "write it as `user_id`"),
            ("_name:u64", "write it as `name`"),
            ("1st:u64", "no name in Rust"),
            (":u64", "no name in Rust"),
        ] {
            let said = Argument::parse(text).unwrap_err().to_string();
            assert!(said.contains(words), "{text}: {said}");
        }
        let twice = Argument::parse_all(&["user:references".to_owned(), "user_id:u64".to_owned()]);
        assert!(twice.unwrap_err().to_string().contains("`user_id` is there twice"));
    }
}
