//! Compares the attribute with the function. Each check is one mistake, with a test of its name.

use quote::ToTokens;
use syn::{Ident, Safety};

use crate::attribute::{Attribute, Queue};
use crate::faults::Faults;
use crate::perform::chosen;
use crate::recurring;
use crate::rule::Response;
use crate::signature::Signature;
use crate::unique::By;
use crate::words;

/// Every check of a job.
pub(crate) fn job(attribute: &Attribute, signature: &Signature, faults: &mut Faults) {
    function_is_not_async(attribute, signature, faults);
    function_is_async_and_blocking(attribute, signature, faults);
    function_is_generic(signature, faults);
    function_is_unsafe(signature, faults);
    function_is_extern(signature, faults);
    function_is_const(signature, faults);
    function_is_variadic(signature, faults);
    output_is_no_result(signature, faults);
    struct_is_named_as_the_function(attribute, signature, faults);
    upgrade_without_a_version(attribute, faults);
    version_zero(attribute, faults);
    alias_is_the_name(attribute, signature, faults);
    redacted_argument_does_not_exist(attribute, signature, faults);
    unique_by_no_argument(attribute, signature, faults);
    argument_names_clash(signature, faults);
    recurring::job(attribute, signature, faults);
    rules(attribute, faults);
}

/// Every check of a base.
pub(crate) fn base(attribute: &Attribute, faults: &mut Faults) {
    base_has_a_function_of_the_job(attribute, faults);
    base_has_a_pattern(attribute, faults);
    rules(attribute, faults);
}

fn base_has_a_function_of_the_job(attribute: &Attribute, faults: &mut Faults) {
    let words = "a base does not know its jobs' arguments; a function that looks at them belongs to each job";
    if let Some(Queue::Chosen(path)) = &attribute.queue {
        faults.at(path, words);
    }
    if let Some(path) = attribute.priority.as_ref().and_then(chosen) {
        faults.at(path, words);
    }
}

fn base_has_a_pattern(attribute: &Attribute, faults: &mut Faults) {
    let words = "a base does not know its jobs' error type; name a type, or put the pattern on the job";
    for rule in attribute.rules.iter().filter(|rule| rule.what.needs_the_error_type()) {
        faults.at(&rule.tokens, words);
    }
}

fn rules(attribute: &Attribute, faults: &mut Faults) {
    rule_is_declared_twice(attribute, faults);
    exhausted_is_never_called(attribute, faults);
}

fn function_is_not_async(attribute: &Attribute, signature: &Signature, faults: &mut Faults) {
    let sig = &signature.function.sig;
    if sig.asyncness.is_none() && !attribute.mentions("blocking") {
        faults.at(sig.fn_token, "a job is an `async fn`; for a plain one write `#[job(blocking)]`");
    }
}

fn function_is_async_and_blocking(attribute: &Attribute, signature: &Signature, faults: &mut Faults) {
    if let (Some(asyncness), Some(())) = (signature.function.sig.asyncness, attribute.blocking) {
        faults.at(asyncness, "`blocking` is for a plain `fn`; leave one of the two out");
    }
}

fn function_is_generic(signature: &Signature, faults: &mut Faults) {
    let generics = &signature.function.sig.generics;
    let words = if generics.params.is_empty() {
        if let Some(clause) = &generics.where_clause {
            faults.at(clause.where_token, "a job has nothing to put bounds on; leave the `where` out");
        }
        return;
    } else if generics.type_params().count() + generics.const_params().count() > 0 {
        "a job cannot be generic: its stored name stands for one type; write one job for each type"
    } else {
        "a job has no lifetimes: its arguments are owned, and what is lent is a plain `&T`; leave this out"
    };
    faults.at(generics, words);
}

fn function_is_unsafe(signature: &Signature, faults: &mut Faults) {
    if let Safety::Unsafe(token) = &signature.function.sig.safety {
        faults.at(
            token,
            "the runtime cannot uphold what an `unsafe fn` asks of its caller; put an `unsafe` block inside",
        );
    }
}

fn function_is_extern(signature: &Signature, faults: &mut Faults) {
    if let Some(abi) = &signature.function.sig.abi {
        faults.at(abi, "a job is called by the runtime only; leave the `extern` out");
    }
}

fn function_is_const(signature: &Signature, faults: &mut Faults) {
    let sig = &signature.function.sig;
    // `const async` is refused by the compiler in its own words.
    if let (Some(constness), None) = (&sig.constness, &sig.asyncness) {
        faults.at(constness, "a job runs at run time; leave the `const` out");
    }
}

fn function_is_variadic(signature: &Signature, faults: &mut Faults) {
    if let Some(variadic) = &signature.function.sig.variadic {
        faults.at(variadic, "a job's arguments are stored one by one; take a `Vec<T>`");
    }
}

fn output_is_no_result(signature: &Signature, faults: &mut Faults) {
    if !signature.may_be_result() {
        let ty = &signature.output;
        faults.at(
            ty,
            format!(
                "a job returns `Result<T, E>`, or nothing if it cannot fail, not `{}`",
                words::of(&ty.to_token_stream())
            ),
        );
    }
}

fn struct_is_named_as_the_function(attribute: &Attribute, signature: &Signature, faults: &mut Faults) {
    let function = &signature.function.sig.ident;
    let clash = attribute.rename.as_ref().filter(|name| *name == function);
    if let Some(name) = clash {
        faults.at(name, "the struct cannot have the function's name; write it in camel case");
    }
}

fn upgrade_without_a_version(attribute: &Attribute, faults: &mut Faults) {
    if let Some(upgrade) = attribute.upgrade.as_ref().filter(|_| !attribute.mentions("version")) {
        faults.at(
            upgrade,
            "`upgrade` is called for arguments of an older version; say which is the present one: `version = 2`",
        );
    }
}

fn version_zero(attribute: &Attribute, faults: &mut Faults) {
    if let Some(version) = &attribute.version
        && version.to_token_stream().to_string() == "0"
    {
        faults.at(version, "versions count from 1, which is the default");
    }
}

fn alias_is_the_name(attribute: &Attribute, signature: &Signature, faults: &mut Faults) {
    let name = attribute.name.as_ref().map_or_else(|| signature.function.sig.ident.to_string(), syn::LitStr::value);
    let mut seen = vec![name];
    for alias in &attribute.aliases {
        if seen.contains(&alias.value()) {
            let words = format!("`{}` is there already; aliases are other, older names", alias.value());
            faults.at(alias, words);
        }
        seen.push(alias.value());
    }
}

fn redacted_argument_does_not_exist(attribute: &Attribute, signature: &Signature, faults: &mut Faults) {
    let lent = "is lent and never shown; `redact` takes stored arguments";
    arguments_do_not_exist(&attribute.redact, lent, |_| String::new(), signature, faults);
}

fn unique_by_no_argument(attribute: &Attribute, signature: &Signature, faults: &mut Faults) {
    let Some(By::Arguments(names)) = attribute.unique.as_ref().map(|unique| &unique.by) else { return };
    let mut seen: Vec<&Ident> = Vec::new();
    for name in names {
        if seen.contains(&name) {
            faults.at(name, format!("`{name}` is given twice; keep one of them"));
        }
        seen.push(name);
    }
    let lent = "is lent and not stored with the job; `by` takes stored arguments";
    let function = |name: &str| format!("; a function is written with its path, as in `by = self::{name}`");
    arguments_do_not_exist(names, lent, function, signature, faults);
}

/// Says of which of these there is no argument, with `more` words where none is near.
fn arguments_do_not_exist(
    written: &[Ident],
    lent: &str,
    more: impl Fn(&str) -> String,
    signature: &Signature,
    faults: &mut Faults,
) {
    let names: Vec<String> = signature.arguments().map(|argument| argument.name().to_string()).collect();
    let known: Vec<&str> = names.iter().map(String::as_str).collect();
    for name in written {
        let word = name.to_string();
        if signature.lends(name) {
            faults.at(name, format!("`{word}` {lent}"));
        } else if !names.contains(&word) {
            let hint = crate::spelling::hint(&word, &known);
            let hint = if hint.is_empty() { more(&word) } else { hint };
            faults.at(name, format!("there is no argument `{word}`{hint}"));
        }
    }
}

/// What every job has, so that no setter can.
pub(crate) const METHODS: &[&str] = &["new", "perform_later", "perform_now"];

fn argument_names_clash(signature: &Signature, faults: &mut Faults) {
    let mut names: Vec<String> = Vec::new();
    for argument in signature.arguments() {
        let name = argument.name().to_string();
        if names.contains(&name) && argument.cfg().is_empty() {
            faults.at(argument.name(), format!("two arguments would be stored as `{name}`; rename one of them"));
        }
        if argument.default.is_some() && METHODS.contains(&name.as_str()) {
            faults.at(
                argument.name(),
                format!("the setter `{name}` would hide a method of the job; choose another name"),
            );
        }
        names.push(name);
    }
}

fn rule_is_declared_twice(attribute: &Attribute, faults: &mut Faults) {
    let mut seen: Vec<&str> = Vec::new();
    for rule in &attribute.rules {
        if seen.contains(&rule.words.as_str()) {
            faults.at(
                &rule.tokens,
                format!("there is a rule for `{}` already, and the first one wins; keep one of them", rule.words),
            );
        }
        seen.push(&rule.words);
    }
}

fn exhausted_is_never_called(attribute: &Attribute, faults: &mut Faults) {
    for rule in &attribute.rules {
        let Response::Retry { attempts: Some(crate::rule::Attempts::Unlimited), .. } = rule.response else { continue };
        if let Some(told) = &rule.told {
            faults.at(told, "with `attempts = unlimited` retries are never exhausted, so this is never called; leave one of the two out");
        }
    }
}
