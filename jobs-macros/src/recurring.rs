//! Compares what is said of when a job recurs, and with the function. Each check is one mistake, with a test of its name.

use crate::attribute::Attribute;
use crate::faults::Faults;
use crate::recurs::names_zone;
use crate::signature::Signature;

/// Every check of a job that recurs.
pub(crate) fn job(attribute: &Attribute, signature: &Signature, faults: &mut Faults) {
    cron_and_every(attribute, faults);
    zone_without_a_cron_line(attribute, faults);
    zone_given_twice(attribute, faults);
    missed_without_a_schedule(attribute, faults);
    recurring_job_has_an_argument(attribute, signature, faults);
}

fn cron_and_every(attribute: &Attribute, faults: &mut Faults) {
    if let (Some(cron), Some(_)) = (&attribute.cron, &attribute.every) {
        faults.at(cron, "`cron` and `every` both say when the job recurs; keep one of them");
    }
}

fn zone_without_a_cron_line(attribute: &Attribute, faults: &mut Faults) {
    let Some(zone) = attribute.zone.as_ref().filter(|_| !attribute.mentions("cron")) else { return };
    if attribute.mentions("every") {
        faults.at(zone, "`every` counts from 1970 in UTC and has no zone; leave it out, or write a `cron` line");
    } else {
        faults.at(zone, "`zone` is that of a `cron` line, and there is none; write one such as `cron = \"0 2 * * *\"`");
    }
}

fn zone_given_twice(attribute: &Attribute, faults: &mut Faults) {
    if let (Some(cron), Some(zone)) = (&attribute.cron, &attribute.zone)
        && names_zone(cron)
    {
        faults.at(zone, "the `cron` line has a zone already; keep one of them");
    }
}

fn missed_without_a_schedule(attribute: &Attribute, faults: &mut Faults) {
    if let Some((_, written)) = attribute.missed.as_ref().filter(|_| !recurs(attribute)) {
        faults.at(written, "`missed` is for a job that recurs; say when: `cron = \"0 2 * * *\"` or `every = 5m`");
    }
}

fn recurring_job_has_an_argument(attribute: &Attribute, signature: &Signature, faults: &mut Faults) {
    if !recurs(attribute) {
        return;
    }
    for argument in signature.arguments().filter(|argument| argument.default.is_none()) {
        let name = argument.name();
        let words = format!(
            "nobody gives a job that recurs its arguments: give `{name}` a default with `#[default = ..]`, or leave `cron` \
             and `every` out and add a `RecurringTask::of(..)` with `Runtime::builder().recurring(..)`"
        );
        faults.at(name, words);
    }
}

/// Whether it is said when the job recurs, rightly or wrongly.
fn recurs(attribute: &Attribute) -> bool {
    attribute.mentions("cron") || attribute.mentions("every")
}
