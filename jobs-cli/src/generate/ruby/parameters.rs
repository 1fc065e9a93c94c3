//! The parameters of a Ruby method, with a type of Rust for each.

use heck::ToSnakeCase;
use jobs_core::job::Signature;

use super::source::split;

/// A parameter of `perform`.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct RubyParameter {
    name: String,
    is_keyword: bool,
    is_optional: bool,
    kind: &'static str,
}

impl RubyParameter {
    /// As a parameter of the function in Rust.
    pub(super) fn rust(&self) -> String {
        let keyword = if self.is_keyword { "#[keyword] " } else { "" };
        let default = if self.is_optional { "#[default] " } else { "" };
        let kind = if self.is_optional { format!("Option<{}>", self.kind) } else { self.kind.to_owned() };
        // A name may be a keyword of Rust.
        let raw = if syn::parse_str::<syn::Ident>(&self.name).is_ok() { "" } else { "r#" };
        format!("{keyword}{default}{raw}{}: {kind}", self.name)
    }
}

/// The parameters between the parentheses.
///
/// # Errors
/// Why one of them cannot be declared in Rust.
pub(super) fn parameters(text: &str) -> Result<Vec<RubyParameter>, String> {
    let parts = split(text, ',').into_iter().map(str::trim).filter(|part| !part.is_empty());
    parts.map(parameter).collect()
}

fn parameter(part: &str) -> Result<RubyParameter, String> {
    if part.starts_with("**") {
        return Err(format!("`{part}` takes keywords of any name; name them in Ruby, or pass a hash as one argument"));
    }
    if part.starts_with('*') || part == "..." {
        return Err(format!(
            "`{part}` takes any number of arguments; name them in Ruby, or pass an array as one argument"
        ));
    }
    if part.starts_with('&') {
        return Err(format!("`{part}` is a block, which no job receives; leave it out in Ruby"));
    }
    let end = part.find(|one: char| !one.is_alphanumeric() && one != '_').unwrap_or(part.len());
    let (name, rest) = (&part[..end], part[end..].trim());
    let is_name = name.starts_with(|one: char| one.is_ascii_lowercase() || one == '_') && name.is_ascii();
    if !is_name || ["_", "self", "super", "crate"].contains(&name) {
        return Err(format!("`{part}` is no name that a parameter in Rust can have; rename it in Ruby"));
    }
    let (is_keyword, default) = match (rest.strip_prefix(':'), rest.strip_prefix('=')) {
        (Some(default), _) => (true, default.trim()),
        (None, Some(default)) => (false, default.trim()),
        (None, None) => (false, ""),
    };
    Ok(RubyParameter { name: name.to_owned(), is_keyword, is_optional: !default.is_empty(), kind: kind(name, default) })
}

/// The type, guessed from the default and the name.
fn kind(name: &str, default: &str) -> &'static str {
    let number = default.replace('_', "");
    match default.chars().next() {
        Some('"' | '\'') => "String",
        Some(':') => "jobs::active_job::ruby::Symbol",
        _ if matches!(default, "true" | "false") => "bool",
        _ if number.parse::<i64>().is_ok() => "i64",
        _ if number.parse::<f64>().is_ok() => "f64",
        _ if name == "id" || name.ends_with("_id") => "u64",
        _ if name.ends_with("_at") => "jobs::active_job::ruby::Time",
        _ if name.ends_with("_on") => "jobs::active_job::ruby::Date",
        _ => "jobs::active_job::Value",
    }
}

/// The parameters of a method in Ruby that takes the arguments of a job in Rust.
///
/// A positional parameter gets another name where Ruby cannot have it, since Ruby passes it by its position. A keyword that
/// Ruby cannot declare is taken by `**`, and passed as `"some-name": value`.
pub(super) fn ruby(signature: &Signature) -> String {
    let mut used: Vec<String> = signature.keywords.iter().map(|&name| name.to_owned()).collect();
    let mut parameters = Vec::new();
    for (index, name) in signature.positional.iter().enumerate() {
        let mut name = positional_name(name, index);
        while used.contains(&name) {
            name.push('_');
        }
        used.push(name.clone());
        parameters.push(name);
    }
    let (declared, others): (Vec<&str>, Vec<&str>) = signature.keywords.iter().partition(|name| is_local_name(name));
    // A keyword may be a reserved word.
    parameters.extend(declared.iter().map(|name| format!("{name}: nil")));
    parameters.extend((!others.is_empty()).then(|| "**".to_owned()));
    parameters.join(", ")
}

/// The words that are no names of parameters in Ruby.
const RUBY_WORDS: [&str; 38] = [
    "alias",
    "and",
    "begin",
    "break",
    "case",
    "class",
    "def",
    "do",
    "else",
    "elsif",
    "end",
    "ensure",
    "false",
    "for",
    "if",
    "in",
    "module",
    "next",
    "nil",
    "not",
    "or",
    "redo",
    "rescue",
    "retry",
    "return",
    "self",
    "super",
    "then",
    "true",
    "undef",
    "unless",
    "until",
    "when",
    "while",
    "yield",
    "__FILE__",
    "__LINE__",
    "__ENCODING__",
];

fn positional_name(name: &str, index: usize) -> String {
    let letters: String = name.chars().map(|one| if one.is_ascii_alphanumeric() { one } else { '_' }).collect();
    let letters = letters.to_snake_case();
    if RUBY_WORDS.contains(&name) {
        return format!("{}_", letters.to_ascii_lowercase());
    }
    match is_local_name(name) {
        true => name.to_owned(),
        false if is_local_name(&letters) && !RUBY_WORDS.contains(&letters.as_str()) => letters,
        false => format!("argument_{}", index + 1),
    }
}

/// Whether the letters are those of a local variable in Ruby. `_1` is reserved for blocks.
fn is_local_name(name: &str) -> bool {
    let is_numbered = name.strip_prefix('_').is_some_and(|rest| rest.starts_with(|one: char| one.is_ascii_digit()));
    !is_numbered
        && name.starts_with(|one: char| one.is_ascii_lowercase() || one == '_')
        && name.chars().all(|one| one.is_ascii_alphanumeric() || one == '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rust(text: &str) -> String {
        parameters(text).unwrap().iter().map(RubyParameter::rust).collect::<Vec<_>>().join(", ")
    }

    #[test]
    fn positional_optional_and_keyword_parameters_are_declared() {
        assert_eq!(
            rust(r#"user_id, template = "a, b", count = 1_000, rate: 1.5, mode: :fast, at:, force: false, type: nil"#),
            "user_id: u64, #[default] template: Option<String>, #[default] count: Option<i64>, #[keyword] #[default] rate: \
             Option<f64>, #[keyword] #[default] mode: Option<jobs::active_job::ruby::Symbol>, #[keyword] at: \
             jobs::active_job::Value, #[keyword] #[default] force: Option<bool>, #[keyword] #[default] r#type: \
             Option<jobs::active_job::Value>"
        );
        assert_eq!(
            rust("sent_at, due_on, options = {}"),
            "sent_at: jobs::active_job::ruby::Time, due_on: jobs::active_job::ruby::Date, #[default] options: Option<jobs::active_job::Value>"
        );
    }

    #[test]
    fn a_name_that_ruby_cannot_have_becomes_another_one() {
        const NAMES: &[&str] = &["class", "end", "user-id", "Amount", "größe", "_1", "note", "note", "self", "x y", ""];
        let signature = Signature::new(NAMES).keywords(&["if", "x_y", "due"]);
        assert_eq!(
            ruby(&signature),
            "class_, end_, user_id, amount, gr_e, argument_6, note, note_, self_, x_y_, argument_11, if: nil, x_y: nil, \
             due: nil"
        );
        assert_eq!(ruby(&Signature::new(&["id"]).keywords(&["user-id", "Amount", "note"])), "id, note: nil, **");
        assert_eq!(ruby(&Signature::new(&[])), "");
    }

    #[test]
    fn splats_blocks_and_patterns_are_refused_with_what_to_do() {
        for (text, words) in [
            ("*args", "takes any number of arguments; name them"),
            ("a, **options", "takes keywords of any name; name them"),
            ("&block", "is a block"),
            ("...", "takes any number"),
            ("(a, b)", "no name that a parameter in Rust can have"),
            ("self", "no name"),
        ] {
            let error = parameters(text).unwrap_err();
            assert!(error.contains(words), "{text}: {error}");
        }
    }
}
