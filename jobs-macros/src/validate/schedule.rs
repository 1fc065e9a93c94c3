//! Checks the schedule of a recurring job. Each check finds one mistake.

use crate::errors::Errors;
use crate::model::{Schedule, Ticks};
use crate::parse::attribute::Attribute;
use crate::parse::schedule::names_zone;
use crate::parse::signature::Signature;

/// Every check of the schedule, and the schedule if there is a valid one.
pub(crate) fn check(attribute: &Attribute, signature: &Signature, errors: &mut Errors) -> Option<Schedule> {
    let ticks = cron_and_every(attribute, errors);
    zone_without_a_cron_line(attribute, errors);
    zone_given_twice(attribute, errors);
    missed_without_a_schedule(attribute, errors);
    recurring_job_has_an_argument(attribute, signature, errors);
    Some(Schedule { ticks: ticks?, missed: attribute.missed.as_ref().map(|(missed, _)| *missed) })
}

fn cron_and_every(attribute: &Attribute, errors: &mut Errors) -> Option<Ticks> {
    match (&attribute.cron, &attribute.every) {
        (Some(cron), Some(_)) => {
            errors.at(cron, "`cron` and `every` both set the schedule; keep one of them");
            None
        }
        (Some(cron), None) => Some(Ticks::Cron { line: cron.clone(), zone: attribute.zone.clone() }),
        (None, Some(every)) => Some(Ticks::Every(every.clone())),
        (None, None) => None,
    }
}

fn zone_without_a_cron_line(attribute: &Attribute, errors: &mut Errors) {
    let Some(zone) = attribute.zone.as_ref().filter(|_| !attribute.mentions("cron")) else { return };
    if attribute.mentions("every") {
        errors.at(zone, "`every` counts from 1970 in UTC and has no zone; leave `zone` out, or write a `cron` line");
    } else {
        errors.at(
            zone,
            "`zone` belongs to a `cron` line, and there is none; write a line such as `cron = \"0 2 * * *\"`",
        );
    }
}

fn zone_given_twice(attribute: &Attribute, errors: &mut Errors) {
    if let (Some(cron), Some(zone)) = (&attribute.cron, &attribute.zone)
        && names_zone(cron)
    {
        errors.at(zone, "the `cron` line has a zone already; keep one of them");
    }
}

fn missed_without_a_schedule(attribute: &Attribute, errors: &mut Errors) {
    if let Some((_, written)) = attribute.missed.as_ref().filter(|_| !recurs(attribute)) {
        errors.at(written, "`missed` is for a recurring job; say when: `cron = \"0 2 * * *\"` or `every = 5m`");
    }
}

fn recurring_job_has_an_argument(attribute: &Attribute, signature: &Signature, errors: &mut Errors) {
    if !recurs(attribute) {
        return;
    }
    for argument in signature.arguments().filter(|argument| argument.default.is_none()) {
        let name = &argument.name;
        let message = format!(
            "a recurring job gets no arguments from a caller: give `{name}` a default with `#[default = ..]`, or leave `cron` \
             and `every` out and add a `RecurringTask::of(..)` with `Runtime::builder().recurring(..)`"
        );
        errors.at(name, message);
    }
}

/// Whether the attribute has a schedule, also a wrong one.
fn recurs(attribute: &Attribute) -> bool {
    attribute.mentions("cron") || attribute.mentions("every")
}
