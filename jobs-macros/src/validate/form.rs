//! Checks the form of the function. Each check finds one mistake.

use syn::{ReturnType, Safety};

use crate::errors::Errors;
use crate::model::Function;
use crate::parse::attribute::Attribute;
use crate::parse::signature::Signature;

/// Every check of the function's form.
pub(crate) fn check(attribute: &Attribute, function: &Function, errors: &mut Errors) {
    function_is_not_async(attribute, function, errors);
    function_is_async_and_blocking(attribute, function, errors);
    function_is_generic(function, errors);
    function_is_unsafe(function, errors);
    function_is_extern(function, errors);
    function_is_const(function, errors);
    function_is_variadic(function, errors);
    function_has_attributes_of_serde(function, errors);
}

/// Every check of the form of a function without a body.
pub(crate) fn check_remote(signature: &Signature, errors: &mut Errors) {
    let function = &signature.function;
    remote_has_a_body(function, errors);
    remote_is_async(function, errors);
    remote_returns(function, errors);
    remote_is_provided(signature, errors);
    function_is_generic(function, errors);
    function_is_unsafe(function, errors);
    function_is_extern(function, errors);
    function_is_const(function, errors);
    function_is_variadic(function, errors);
    function_has_attributes_of_serde(function, errors);
}

/// One as `rename_all` would give the arguments names that `redact`, `unique` and older stored jobs do not know.
fn function_has_attributes_of_serde(function: &Function, errors: &mut Errors) {
    for attribute in &function.of_serde {
        let message = "serde's attributes stand at an argument, so that its stored name is known: write \
                       `#[serde(rename = \"name\")]` in front of the argument";
        errors.at(attribute, message);
    }
}

fn remote_has_a_body(function: &Function, errors: &mut Errors) {
    if !function.body.is_empty() {
        errors.at(&function.body, "a job that is performed elsewhere has no body here; write `;`, or take `#[job]`");
    }
}

fn remote_is_async(function: &Function, errors: &mut Errors) {
    if let Some(asyncness) = &function.sig.asyncness {
        errors.at(asyncness, "there is no body that could await; leave the `async` out");
    }
}

fn remote_returns(function: &Function, errors: &mut Errors) {
    if let ReturnType::Type(_, ty) = &function.sig.output {
        errors.at(ty, "the result of a job that is performed elsewhere does not come back; leave the type out");
    }
}

fn remote_is_provided(signature: &Signature, errors: &mut Errors) {
    for provided in signature.provided() {
        let message =
            "a job that is performed elsewhere has stored arguments only; take an owned value, or leave it out";
        errors.at(&provided.name, message);
    }
}

fn function_is_not_async(attribute: &Attribute, function: &Function, errors: &mut Errors) {
    let sig = &function.sig;
    if sig.asyncness.is_none() && !attribute.mentions("blocking") {
        errors.at(sig.fn_token, "a job is an `async fn`; for a plain one write `#[job(blocking)]`");
    }
}

fn function_is_async_and_blocking(attribute: &Attribute, function: &Function, errors: &mut Errors) {
    if let (Some(asyncness), true) = (function.sig.asyncness, attribute.blocking) {
        errors.at(asyncness, "`blocking` is for a plain `fn`; leave one of the two out");
    }
}

fn function_is_generic(function: &Function, errors: &mut Errors) {
    let generics = &function.sig.generics;
    let message = if generics.params.is_empty() {
        if let Some(clause) = &generics.where_clause {
            errors.at(clause.where_token, "a job has no type parameters to bound; leave the `where` out");
        }
        return;
    } else if generics.type_params().count() + generics.const_params().count() > 0 {
        "a job cannot be generic: its stored name stands for one type; write one job for each type"
    } else {
        "a job has no lifetimes: its arguments are owned, and what is provided is a plain `&T`; leave this out"
    };
    errors.at(generics, message);
}

fn function_is_unsafe(function: &Function, errors: &mut Errors) {
    if let Safety::Unsafe(token) = &function.sig.safety {
        errors.at(
            token,
            "the runtime cannot uphold what an `unsafe fn` asks of its caller; put an `unsafe` block inside",
        );
    }
}

fn function_is_extern(function: &Function, errors: &mut Errors) {
    if let Some(abi) = &function.sig.abi {
        errors.at(abi, "a job is called by the runtime only; leave the `extern` out");
    }
}

fn function_is_const(function: &Function, errors: &mut Errors) {
    let sig = &function.sig;
    // The compiler itself reports `const async`.
    if let (Some(constness), None) = (&sig.constness, &sig.asyncness) {
        errors.at(constness, "a job runs at run time; leave the `const` out");
    }
}

fn function_is_variadic(function: &Function, errors: &mut Errors) {
    if let Some(variadic) = &function.sig.variadic {
        errors.at(variadic, "a job's arguments are stored one by one; take a `Vec<T>`");
    }
}
