//! Checks the stored arguments, and the keys that name them. Each check finds one mistake.

use proc_macro2::Ident;

use crate::errors::Errors;
use crate::parse::attribute::{Attribute, Choice};
use crate::parse::signature::Signature;
use crate::spelling;

/// Every check of the arguments.
pub(crate) fn check(attribute: &Attribute, signature: &Signature, errors: &mut Errors) {
    redacted_argument_does_not_exist(attribute, signature, errors);
    unique_by_no_argument(attribute, signature, errors);
    argument_names_clash(signature, errors);
}

fn redacted_argument_does_not_exist(attribute: &Attribute, signature: &Signature, errors: &mut Errors) {
    let provided = "is provided and never shown; `redact` takes stored arguments";
    arguments_do_not_exist(&attribute.redact, provided, |_| String::new(), signature, errors);
}

fn unique_by_no_argument(attribute: &Attribute, signature: &Signature, errors: &mut Errors) {
    let Some(Choice::Constant(names)) = attribute.unique.as_ref().map(|unique| &unique.by) else { return };
    let mut seen: Vec<&Ident> = Vec::new();
    for name in names {
        if seen.contains(&name) {
            errors.at(name, format!("`{name}` is given twice; keep one of them"));
        }
        seen.push(name);
    }
    let provided = "is provided and not stored with the job; `by` takes stored arguments";
    let function = |name: &str| format!("; a function is written with its path, as in `by = self::{name}`");
    arguments_do_not_exist(names, provided, function, signature, errors);
}

/// Reports names that no argument has. `more` is said of those that are not near the name of one.
fn arguments_do_not_exist(
    written: &[Ident],
    provided: &str,
    more: impl Fn(&str) -> String,
    signature: &Signature,
    errors: &mut Errors,
) {
    let names: Vec<String> = signature.arguments().map(|argument| argument.name.to_string()).collect();
    let known: Vec<&str> = names.iter().map(String::as_str).collect();
    for name in written {
        let word = name.to_string();
        if signature.provides(name) {
            errors.at(name, format!("`{word}` {provided}"));
        } else if !names.contains(&word) {
            let hint = spelling::hint(&word, &known);
            let hint = if hint.is_empty() { more(&word) } else { hint };
            errors.at(name, format!("there is no argument `{word}`{hint}"));
        }
    }
}

/// The methods of every job. A setter cannot have one of these names.
pub(crate) const METHODS: &[&str] = &["new", "perform_later", "perform_now"];

fn argument_names_clash(signature: &Signature, errors: &mut Errors) {
    let mut names: Vec<String> = Vec::new();
    for argument in signature.arguments() {
        let name = argument.name.to_string();
        if names.contains(&name) && argument.cfg.is_empty() {
            errors.at(&argument.name, format!("two arguments would be stored as `{name}`; rename one of them"));
        }
        if argument.default.is_some() && METHODS.contains(&name.as_str()) {
            errors
                .at(&argument.name, format!("the setter `{name}` would hide a method of the job; choose another name"));
        }
        names.push(name);
    }
}
