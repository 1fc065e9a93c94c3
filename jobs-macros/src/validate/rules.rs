//! Checks the rules of a policy. Each check finds one mistake.

use quote::ToTokens;
use syn::Type;

use crate::errors::Errors;
use crate::model::{Attempts, Response, ReturnForm, Returned, Rule};
use crate::token_text;

/// Every check of the rules of a base.
pub(crate) fn of_base(rules: &[Rule], errors: &mut Errors) {
    base_has_a_pattern(rules, errors);
    of_both(rules, errors);
}

/// Every check of the rules of a job, whose return type may not be valid.
pub(crate) fn of_job(rules: &[Rule], returned: Option<&Returned>, errors: &mut Errors) {
    if let Some(reason) = returned.and_then(why_it_cannot_fail) {
        job_cannot_fail(rules, reason, errors);
    }
    of_both(rules, errors);
}

fn of_both(rules: &[Rule], errors: &mut Errors) {
    error_is_of_any_type(rules, errors);
    rule_is_declared_twice(rules, errors);
    exhausted_is_never_called(rules, errors);
}

fn base_has_a_pattern(rules: &[Rule], errors: &mut Errors) {
    let message = "a base does not know its jobs' error type; name a type, or put the pattern on the job";
    for rule in rules.iter().filter(|rule| rule.matcher.needs_the_error_type()) {
        errors.at(&rule.tokens, message);
    }
}

/// Why no error of its own is possible, if that is plain from how the return type is written.
fn why_it_cannot_fail(returned: &Returned) -> Option<&'static str> {
    match &returned.form {
        ReturnForm::Nothing => Some("it returns nothing"),
        ReturnForm::Result { error, .. } if last_word(error) == "Infallible" => Some("its error is `Infallible`"),
        ReturnForm::Result { error, .. } if matches!(**error, Type::Never(_)) => Some("its error is `!`"),
        ReturnForm::Result { .. } | ReturnForm::Alias => None,
    }
}

fn job_cannot_fail(rules: &[Rule], reason: &str, errors: &mut Errors) {
    for rule in rules.iter().filter(|rule| rule.matcher.is_about_the_jobs_error()) {
        let text = &rule.text;
        errors.at(
            &rule.tokens,
            format!(
                "this job cannot fail with `{text}`: {reason}; return `Result<(), E>`, or leave the rule out (`Panic`, \
                 `TimedOut`, `DeserializeError` and `any` are still possible)"
            ),
        );
    }
}

/// A type that holds an error of any type, and is none itself.
fn error_is_of_any_type(rules: &[Rule], errors: &mut Errors) {
    for rule in rules {
        for ty in rule.matcher.types().into_iter().filter(|ty| holds_any_error(ty)) {
            let text = token_text::of(&ty.to_token_stream());
            errors.at(
                ty,
                format!(
                    "`{text}` holds an error of any type: write `any` for a rule about all of them, or name the type of \
                     a cause, as in `cause std::io::Error`"
                ),
            );
        }
    }
}

/// Whether it is `anyhow::Error`, `eyre::Report`, `BoxError` or a `Box<dyn Error>`, by how it is written.
fn holds_any_error(ty: &Type) -> bool {
    let text = ty.to_token_stream().to_string().replace(' ', "");
    let known = ["anyhow::Error", "eyre::Report", "eyre::Error", "BoxError"];
    let path = text.trim_start_matches("::");
    let is_known = known.contains(&path) || path == "jobs::BoxError";
    let boxed = ["Box<dyn", "std::boxed::Box<dyn"].iter().any(|start| path.starts_with(start));
    is_known || (boxed && text.contains("Error"))
}

fn last_word(ty: &Type) -> String {
    match ty {
        Type::Path(path) => path.path.segments.last().map(|last| last.ident.to_string()).unwrap_or_default(),
        _ => String::new(),
    }
}

fn rule_is_declared_twice(rules: &[Rule], errors: &mut Errors) {
    let mut seen: Vec<&str> = Vec::new();
    for rule in rules {
        if seen.contains(&rule.text.as_str()) {
            errors.at(
                &rule.tokens,
                format!("there is a rule for `{}` already, and the first one wins; keep one of them", rule.text),
            );
        }
        seen.push(&rule.text);
    }
}

fn exhausted_is_never_called(rules: &[Rule], errors: &mut Errors) {
    for rule in rules {
        let Response::Retry(retry) = &rule.response else { continue };
        if let (Some(Attempts::Unlimited), Some(exhausted)) = (&retry.attempts, &retry.exhausted) {
            let message = "with `attempts = unlimited` retries are never exhausted, so this is never called; leave one of \
                           the two out";
            errors.at(exhausted, message);
        }
    }
}
