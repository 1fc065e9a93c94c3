//! Checks the names of a job and the version of its arguments. Each check finds one mistake.

use proc_macro2::Ident;
use quote::ToTokens;
use syn::LitStr;
use syn::ext::IdentExt;

use crate::errors::Errors;
use crate::model::Function;
use crate::parse::attribute::Attribute;

/// Every check of the names.
pub(crate) fn check(attribute: &Attribute, function: &Function, errors: &mut Errors) {
    struct_is_named_as_the_function(attribute, function, errors);
    struct_hides_a_type_of_rust(attribute, function, errors);
    upgrade_without_a_version(attribute, errors);
    version_zero(attribute, errors);
    alias_is_the_name(attribute, function, errors);
}

/// The name of the struct.
pub(crate) fn of_struct(attribute: &Attribute, function: &Function) -> Ident {
    attribute.rename.clone().unwrap_or_else(|| struct_name(&function.sig.ident))
}

/// The name that the job is stored by.
pub(crate) fn stored(attribute: &mut Attribute, function: &Function) -> LitStr {
    let function = &function.sig.ident;
    attribute.name.take().unwrap_or_else(|| LitStr::new(&function.unraw().to_string(), function.span()))
}

fn struct_is_named_as_the_function(attribute: &Attribute, function: &Function, errors: &mut Errors) {
    let clash = attribute.rename.as_ref().filter(|name| **name == function.sig.ident);
    if let Some(name) = clash {
        errors.at(name, "the struct cannot have the function's name; write it in camel case");
    }
}

/// Types without which hardly any module is written.
const OF_RUST: [&str; 5] = ["Box", "Option", "Result", "String", "Vec"];

fn struct_hides_a_type_of_rust(attribute: &Attribute, function: &Function, errors: &mut Errors) {
    let name = of_struct(attribute, function);
    if OF_RUST.iter().any(|one| name == one) {
        let written = attribute.rename.as_ref().unwrap_or(&function.sig.ident);
        let message = format!("the struct of this job would hide Rust's own `{name}`; write `struct = {name}Job`");
        errors.at(written, message);
    }
}

fn upgrade_without_a_version(attribute: &Attribute, errors: &mut Errors) {
    if let Some(upgrade) = attribute.upgrade.as_ref().filter(|_| !attribute.mentions("version")) {
        errors.at(
            upgrade,
            "`upgrade` is called for arguments of an older version; say which is the current one: `version = 2`",
        );
    }
}

fn version_zero(attribute: &Attribute, errors: &mut Errors) {
    if let Some(version) = &attribute.version
        && version.to_token_stream().to_string() == "0"
    {
        errors.at(version, "versions count from 1, which is the default");
    }
}

fn alias_is_the_name(attribute: &Attribute, function: &Function, errors: &mut Errors) {
    let name = attribute.name.as_ref().map_or_else(|| function.sig.ident.to_string(), LitStr::value);
    let mut seen = vec![name];
    for alias in &attribute.aliases {
        if seen.contains(&alias.value()) {
            let message = format!("`{}` is already a name of this job; aliases are other, older names", alias.value());
            errors.at(alias, message);
        }
        seen.push(alias.value());
    }
}

/// The struct's name for a function's: `process_payment` becomes `ProcessPayment`.
fn struct_name(function: &Ident) -> Ident {
    let text = function.to_string();
    let text = text.trim_start_matches("r#");
    let camel: String = text.split('_').map(capital).collect();
    let camel = if camel.is_empty() { "Job".to_owned() } else { camel };
    Ident::new(&camel, function.span())
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
