//! The second pass: compares the attribute with the function, and gives a model or all errors.

mod arguments;
mod fallback;
mod form;
mod naming;
mod returned;
mod rules;
mod schedule;
mod stored_keys;

use std::mem::take;

use syn::{ItemStruct, Path, parse_quote};

use crate::errors::Errors;
use crate::model::{
    Base, InvalidBase, InvalidJob, JobFunctions, JobModel, JobSettings, Owner, Policy, ReturnForm, Returned, Schedule,
    SharedSettings, UniqueModel,
};
use crate::parse::attribute::{Attribute, Choice};
use crate::parse::signature::Signature;

/// Checks a job.
pub(crate) fn job(attribute: Attribute, signature: Signature, mut errors: Errors) -> Result<JobModel, Box<InvalidJob>> {
    form::check(&attribute, &signature.function, &mut errors);
    let returned = returned::check(&signature.output, &mut errors);
    naming::check(&attribute, &signature.function, &mut errors);
    arguments::check(&attribute, &signature, &mut errors);
    if signature.arguments().any(|argument| argument.is_keyword) {
        arguments::keys_are_unknown(&signature, &mut errors);
    }
    let schedule = schedule::check(&attribute, &signature, &mut errors);
    rules::of_job(&attribute.rules, returned.as_ref(), &mut errors);
    match returned.filter(|_| errors.is_empty()) {
        Some(returned) => Ok(valid_job(attribute, signature, returned, schedule, false)),
        None => Err(Box::new(fallback::job(&attribute, signature, errors))),
    }
}

/// Checks a job that is performed elsewhere.
pub(crate) fn remote(
    attribute: Attribute,
    signature: Signature,
    mut errors: Errors,
) -> Result<JobModel, Box<InvalidJob>> {
    form::check_remote(&signature, &mut errors);
    naming::check(&attribute, &signature.function, &mut errors);
    arguments::check(&attribute, &signature, &mut errors);
    arguments::keys_are_unknown(&signature, &mut errors);
    if !errors.is_empty() {
        return Err(Box::new(fallback::job(&attribute, signature, errors)));
    }
    let returned = Returned { ty: parse_quote!(()), form: ReturnForm::Nothing };
    Ok(valid_job(attribute, signature, returned, None, true))
}

fn valid_job(
    mut attribute: Attribute,
    signature: Signature,
    returned: Returned,
    schedule: Option<Schedule>,
    is_remote: bool,
) -> JobModel {
    let (redact, redact_except) = arguments::redaction(&attribute, &signature, is_remote);
    let (unique, unique_by) = unique(&mut attribute, &signature);
    let (shared, queue, priority) = settings(&mut attribute);
    let ruby_signature = arguments::ruby_signature(&signature, is_remote);
    let function = signature.function;
    let settings = JobSettings {
        name: naming::stored(&mut attribute, &function),
        aliases: take(&mut attribute.aliases),
        version: attribute.version.take(),
        redacted: take(&mut attribute.redact),
        redact,
        redact_except,
        unique,
        schedule,
        signature: ruby_signature,
        is_remote,
        shared,
    };
    JobModel {
        jobs: attribute.jobs(),
        name: naming::of_struct(&attribute, &function),
        function,
        is_remote,
        parameters: signature.parameters.into_iter().flatten().collect(),
        returned,
        settings,
        functions: JobFunctions { queue, priority, unique_by, upgrade: attribute.upgrade.take() },
        policy: policy(attribute, Owner::Job),
    }
}

/// Checks a base.
pub(crate) fn base(
    mut attribute: Attribute,
    structure: ItemStruct,
    mut errors: Errors,
) -> Result<Base, Box<InvalidBase>> {
    if !structure.generics.params.is_empty() {
        errors.at(&structure.generics, "a base cannot be generic");
    }
    base_has_a_function_of_the_job(&attribute, &mut errors);
    rules::of_base(&attribute.rules, &mut errors);
    let jobs = attribute.jobs();
    if !errors.is_empty() {
        return Err(Box::new(InvalidBase { jobs, structure, errors }));
    }
    let (settings, ..) = settings(&mut attribute);
    Ok(Base { jobs, structure, settings, policy: policy(attribute, Owner::Base) })
}

fn base_has_a_function_of_the_job(attribute: &Attribute, errors: &mut Errors) {
    let message = "a base does not know its jobs' arguments; a function that reads them belongs to each job";
    let queue = attribute.queue.as_ref().and_then(Choice::function);
    let priority = attribute.priority.as_ref().and_then(Choice::function);
    for path in queue.into_iter().chain(priority) {
        errors.at(path, message);
    }
}

/// The uniqueness of the job, and the function that gives its key.
fn unique(attribute: &mut Attribute, signature: &Signature) -> (Option<UniqueModel>, Option<Path>) {
    let Some(unique) = attribute.unique.take() else { return (None, None) };
    let (by, function) = Choice::split(Some(unique.by));
    let by = arguments::written_keys(&by.unwrap_or_default(), signature);
    (Some(UniqueModel { window: unique.window, by }), function)
}

/// The settings that jobs and bases have in common, and the functions that choose the queue and the priority.
fn settings(attribute: &mut Attribute) -> (SharedSettings, Option<Path>, Option<Path>) {
    let (queue, queue_function) = Choice::split(attribute.queue.take());
    let (priority, priority_function) = Choice::split(attribute.priority.take());
    let (timeout, expires_in) = (attribute.timeout.take(), attribute.expires_in.take());
    let (log_arguments, base) = (attribute.log_arguments.take(), attribute.base.clone());
    let settings = SharedSettings { queue, priority, timeout, expires_in, log_arguments, base };
    (settings, queue_function, priority_function)
}

fn policy(attribute: Attribute, owner: Owner) -> Policy {
    let Attribute { base, jitter, rules, skips, callbacks, after_discard, .. } = attribute;
    Policy { owner, base, jitter, rules, skips, callbacks, after_discard }
}
