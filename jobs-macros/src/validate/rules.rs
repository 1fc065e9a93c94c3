//! Checks the rules of a policy. Each check finds one mistake.

use crate::errors::Errors;
use crate::model::{Attempts, Owner, Response, Rule};

/// Every check of the rules.
pub(crate) fn check(rules: &[Rule], owner: Owner, errors: &mut Errors) {
    if owner == Owner::Base {
        base_has_a_pattern(rules, errors);
    }
    rule_is_declared_twice(rules, errors);
    exhausted_is_never_called(rules, errors);
}

fn base_has_a_pattern(rules: &[Rule], errors: &mut Errors) {
    let message = "a base does not know its jobs' error type; name a type, or put the pattern on the job";
    for rule in rules.iter().filter(|rule| rule.matcher.needs_the_error_type()) {
        errors.at(&rule.tokens, message);
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
