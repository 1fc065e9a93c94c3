//! Checks the stored arguments, and the keys that name them. Each check finds one mistake.

use proc_macro2::Ident;
use quote::ToTokens;

use crate::errors::Errors;
use crate::model::{RubySignature, StoredName};
use crate::parse::attribute::{Attribute, Choice};
use crate::parse::signature::Signature;
use crate::validate::stored_keys;
use crate::{spelling, token_text};

/// Every check of the arguments.
pub(crate) fn check(attribute: &Attribute, signature: &Signature, errors: &mut Errors) {
    redacted_argument_does_not_exist(attribute, signature, errors);
    unique_by_no_argument(attribute, signature, errors);
    stored_keys_are_unknown(attribute, signature, errors);
    unique_by_a_value_without_order(attribute, signature, errors);
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

/// `redact` and `unique` go by stored keys, so these must be known.
fn stored_keys_are_unknown(attribute: &Attribute, signature: &Signature, errors: &mut Errors) {
    let counted = unique_arguments(attribute);
    if attribute.redact.is_empty() && counted.is_none_or(<[Ident]>::is_empty) {
        return;
    }
    for argument in signature.arguments() {
        let Some(keys) = errors.keep(stored_keys::of(argument)) else { continue };
        if keys.is_flattened && counted.is_some_and(|names| names.contains(&argument.name)) {
            let name = &argument.name;
            let message = format!("`{name}` is flattened, so it has no key of its own to be unique by; take it whole");
            errors.at(name, message);
        }
    }
}

/// The arguments that a unique job names, if it does not call a function; empty for all.
fn unique_arguments(attribute: &Attribute) -> Option<&[Ident]> {
    match &attribute.unique.as_ref()?.by {
        Choice::Constant(names) => Some(names),
        Choice::Function(_) => None,
    }
}

fn unique_by_a_value_without_order(attribute: &Attribute, signature: &Signature, errors: &mut Errors) {
    let Some(names) = unique_arguments(attribute) else { return };
    let counts = |name: &Ident| names.is_empty() || names.contains(name);
    for argument in signature.arguments().filter(|argument| counts(&argument.name)) {
        let words = token_text::of(&argument.ty.to_token_stream());
        if words.split(|letter: char| !letter.is_alphanumeric() && letter != '_').any(|word| word == "HashSet") {
            let message = "a `HashSet` is written in another order each time, so equal jobs would not be the same; take \
                           a `BTreeSet`";
            errors.at(&argument.ty, message);
        }
    }
}

/// The stored keys of the redacted arguments, and those of the others if there are any redacted. If a redacted argument is
/// flattened, each key may be one of its fields, unless another argument is always written under it.
pub(super) fn redaction(
    attribute: &Attribute,
    signature: &Signature,
    is_remote: bool,
) -> (Vec<String>, Option<Vec<String>>) {
    if attribute.redact.is_empty() {
        return (Vec::new(), None);
    }
    let keyed = signature.arguments().filter_map(|argument| Some((argument, stored_keys::of(argument).ok()?)));
    let (redacted, others): (Vec<_>, Vec<_>) =
        keyed.partition(|(argument, _)| attribute.redact.contains(&argument.name));
    let is_flattened = redacted.iter().any(|(_, keys)| keys.is_flattened);
    let shown = others.iter().flat_map(|(argument, keys)| {
        let may_be_absent = !argument.cfg.is_empty() || is_remote && argument.default.is_some();
        match is_flattened {
            false => keys.own(),
            true if may_be_absent => &[],
            true => keys.always_written(),
        }
    });
    let shown = shown.cloned().collect();
    (redacted.into_iter().flat_map(|(_, keys)| keys.all).collect(), Some(shown))
}

/// The keys under which serde writes these arguments.
pub(super) fn written_keys(names: &[Ident], signature: &Signature) -> Vec<String> {
    let find = |name: &Ident| signature.arguments().find(|argument| argument.name == *name);
    names.iter().filter_map(find).filter_map(|one| stored_keys::of(one).ok()).map(|keys| keys.written).collect()
}

/// The order and the names of arguments go by stored keys, so these must be known.
pub(super) fn keys_are_unknown(signature: &Signature, errors: &mut Errors) {
    for argument in signature.arguments() {
        errors.keep(stored_keys::of(argument));
    }
}

/// How the arguments are passed to a method of Ruby. `None` if all are positional in the order in which they are stored. The
/// fields of a flattened argument have no place in the list; they are keywords.
pub(super) fn ruby_signature(signature: &Signature, is_remote: bool) -> Option<RubySignature> {
    if !is_remote && signature.arguments().all(|argument| !argument.is_keyword) {
        return None;
    }
    let keys = |is_keyword: bool| -> Vec<StoredName> {
        let chosen = signature.arguments().filter(|argument| argument.is_keyword == is_keyword);
        let named = chosen.filter_map(|argument| Some((argument, stored_keys::of(argument).ok()?)));
        let named = named.filter(|(_, keys)| !keys.is_flattened);
        named.map(|(argument, keys)| StoredName { cfg: argument.cfg.clone(), key: keys.written }).collect()
    };
    Some(RubySignature { positional: keys(false), keywords: keys(true) })
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
