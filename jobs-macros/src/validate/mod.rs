//! Compares the attribute with the function. Each check is one mistake, with a test of its name.

mod schedule;

use quote::ToTokens;
use syn::{Ident, Safety};

use crate::emit::perform::chosen;
use crate::errors::Errors;
use crate::parse::attribute::{Attribute, Queue};
use crate::parse::rule::Response;
use crate::parse::signature::Signature;
use crate::parse::unique::By;
use crate::token_text;

/// Every check of a job.
pub(crate) fn job(attribute: &Attribute, signature: &Signature, errors: &mut Errors) {
    function_is_not_async(attribute, signature, errors);
    function_is_async_and_blocking(attribute, signature, errors);
    function_is_generic(signature, errors);
    function_is_unsafe(signature, errors);
    function_is_extern(signature, errors);
    function_is_const(signature, errors);
    function_is_variadic(signature, errors);
    output_is_no_result(signature, errors);
    struct_is_named_as_the_function(attribute, signature, errors);
    upgrade_without_a_version(attribute, errors);
    version_zero(attribute, errors);
    alias_is_the_name(attribute, signature, errors);
    redacted_argument_does_not_exist(attribute, signature, errors);
    unique_by_no_argument(attribute, signature, errors);
    argument_names_clash(signature, errors);
    schedule::job(attribute, signature, errors);
    rules(attribute, errors);
}

/// Every check of a base.
pub(crate) fn base(attribute: &Attribute, errors: &mut Errors) {
    base_has_a_function_of_the_job(attribute, errors);
    base_has_a_pattern(attribute, errors);
    rules(attribute, errors);
}

fn base_has_a_function_of_the_job(attribute: &Attribute, errors: &mut Errors) {
    let words = "a base does not know its jobs' arguments; a function that looks at them belongs to each job";
    if let Some(Queue::Chosen(path)) = &attribute.queue {
        errors.at(path, words);
    }
    if let Some(path) = attribute.priority.as_ref().and_then(chosen) {
        errors.at(path, words);
    }
}

fn base_has_a_pattern(attribute: &Attribute, errors: &mut Errors) {
    let words = "a base does not know its jobs' error type; name a type, or put the pattern on the job";
    for rule in attribute.rules.iter().filter(|rule| rule.what.needs_the_error_type()) {
        errors.at(&rule.tokens, words);
    }
}

fn rules(attribute: &Attribute, errors: &mut Errors) {
    rule_is_declared_twice(attribute, errors);
    exhausted_is_never_called(attribute, errors);
}

fn function_is_not_async(attribute: &Attribute, signature: &Signature, errors: &mut Errors) {
    let sig = &signature.function.sig;
    if sig.asyncness.is_none() && !attribute.mentions("blocking") {
        errors.at(sig.fn_token, "a job is an `async fn`; for a plain one write `#[job(blocking)]`");
    }
}

fn function_is_async_and_blocking(attribute: &Attribute, signature: &Signature, errors: &mut Errors) {
    if let (Some(asyncness), Some(())) = (signature.function.sig.asyncness, attribute.blocking) {
        errors.at(asyncness, "`blocking` is for a plain `fn`; leave one of the two out");
    }
}

fn function_is_generic(signature: &Signature, errors: &mut Errors) {
    let generics = &signature.function.sig.generics;
    let words = if generics.params.is_empty() {
        if let Some(clause) = &generics.where_clause {
            errors.at(clause.where_token, "a job has nothing to put bounds on; leave the `where` out");
        }
        return;
    } else if generics.type_params().count() + generics.const_params().count() > 0 {
        "a job cannot be generic: its stored name stands for one type; write one job for each type"
    } else {
        "a job has no lifetimes: its arguments are owned, and what is lent is a plain `&T`; leave this out"
    };
    errors.at(generics, words);
}

fn function_is_unsafe(signature: &Signature, errors: &mut Errors) {
    if let Safety::Unsafe(token) = &signature.function.sig.safety {
        errors.at(
            token,
            "the runtime cannot uphold what an `unsafe fn` asks of its caller; put an `unsafe` block inside",
        );
    }
}

fn function_is_extern(signature: &Signature, errors: &mut Errors) {
    if let Some(abi) = &signature.function.sig.abi {
        errors.at(abi, "a job is called by the runtime only; leave the `extern` out");
    }
}

fn function_is_const(signature: &Signature, errors: &mut Errors) {
    let sig = &signature.function.sig;
    // `const async` is refused by the compiler in its own words.
    if let (Some(constness), None) = (&sig.constness, &sig.asyncness) {
        errors.at(constness, "a job runs at run time; leave the `const` out");
    }
}

fn function_is_variadic(signature: &Signature, errors: &mut Errors) {
    if let Some(variadic) = &signature.function.sig.variadic {
        errors.at(variadic, "a job's arguments are stored one by one; take a `Vec<T>`");
    }
}

fn output_is_no_result(signature: &Signature, errors: &mut Errors) {
    if !signature.may_be_result() {
        let ty = &signature.output;
        errors.at(
            ty,
            format!(
                "a job returns `Result<T, E>`, or nothing if it cannot fail, not `{}`",
                token_text::of(&ty.to_token_stream())
            ),
        );
    }
}

fn struct_is_named_as_the_function(attribute: &Attribute, signature: &Signature, errors: &mut Errors) {
    let function = &signature.function.sig.ident;
    let clash = attribute.rename.as_ref().filter(|name| *name == function);
    if let Some(name) = clash {
        errors.at(name, "the struct cannot have the function's name; write it in camel case");
    }
}

fn upgrade_without_a_version(attribute: &Attribute, errors: &mut Errors) {
    if let Some(upgrade) = attribute.upgrade.as_ref().filter(|_| !attribute.mentions("version")) {
        errors.at(
            upgrade,
            "`upgrade` is called for arguments of an older version; say which is the present one: `version = 2`",
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

fn alias_is_the_name(attribute: &Attribute, signature: &Signature, errors: &mut Errors) {
    let name = attribute.name.as_ref().map_or_else(|| signature.function.sig.ident.to_string(), syn::LitStr::value);
    let mut seen = vec![name];
    for alias in &attribute.aliases {
        if seen.contains(&alias.value()) {
            let words = format!("`{}` is there already; aliases are other, older names", alias.value());
            errors.at(alias, words);
        }
        seen.push(alias.value());
    }
}

fn redacted_argument_does_not_exist(attribute: &Attribute, signature: &Signature, errors: &mut Errors) {
    let lent = "is lent and never shown; `redact` takes stored arguments";
    arguments_do_not_exist(&attribute.redact, lent, |_| String::new(), signature, errors);
}

fn unique_by_no_argument(attribute: &Attribute, signature: &Signature, errors: &mut Errors) {
    let Some(By::Arguments(names)) = attribute.unique.as_ref().map(|unique| &unique.by) else { return };
    let mut seen: Vec<&Ident> = Vec::new();
    for name in names {
        if seen.contains(&name) {
            errors.at(name, format!("`{name}` is given twice; keep one of them"));
        }
        seen.push(name);
    }
    let lent = "is lent and not stored with the job; `by` takes stored arguments";
    let function = |name: &str| format!("; a function is written with its path, as in `by = self::{name}`");
    arguments_do_not_exist(names, lent, function, signature, errors);
}

/// Says of which of these there is no argument, with `more` words where none is near.
fn arguments_do_not_exist(
    written: &[Ident],
    lent: &str,
    more: impl Fn(&str) -> String,
    signature: &Signature,
    errors: &mut Errors,
) {
    let names: Vec<String> = signature.arguments().map(|argument| argument.name().to_string()).collect();
    let known: Vec<&str> = names.iter().map(String::as_str).collect();
    for name in written {
        let word = name.to_string();
        if signature.lends(name) {
            errors.at(name, format!("`{word}` {lent}"));
        } else if !names.contains(&word) {
            let hint = crate::spelling::hint(&word, &known);
            let hint = if hint.is_empty() { more(&word) } else { hint };
            errors.at(name, format!("there is no argument `{word}`{hint}"));
        }
    }
}

/// What every job has, so that no setter can.
pub(crate) const METHODS: &[&str] = &["new", "perform_later", "perform_now"];

fn argument_names_clash(signature: &Signature, errors: &mut Errors) {
    let mut names: Vec<String> = Vec::new();
    for argument in signature.arguments() {
        let name = argument.name().to_string();
        if names.contains(&name) && argument.cfg().is_empty() {
            errors.at(argument.name(), format!("two arguments would be stored as `{name}`; rename one of them"));
        }
        if argument.default.is_some() && METHODS.contains(&name.as_str()) {
            errors.at(
                argument.name(),
                format!("the setter `{name}` would hide a method of the job; choose another name"),
            );
        }
        names.push(name);
    }
}

fn rule_is_declared_twice(attribute: &Attribute, errors: &mut Errors) {
    let mut seen: Vec<&str> = Vec::new();
    for rule in &attribute.rules {
        if seen.contains(&rule.words.as_str()) {
            errors.at(
                &rule.tokens,
                format!("there is a rule for `{}` already, and the first one wins; keep one of them", rule.words),
            );
        }
        seen.push(&rule.words);
    }
}

fn exhausted_is_never_called(attribute: &Attribute, errors: &mut Errors) {
    for rule in &attribute.rules {
        let Response::Retry { attempts: Some(crate::parse::rule::Attempts::Unlimited), .. } = rule.response else {
            continue;
        };
        if let Some(told) = &rule.told {
            errors.at(told, "with `attempts = unlimited` retries are never exhausted, so this is never called; leave one of the two out");
        }
    }
}
