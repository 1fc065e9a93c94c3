//! Reads what the recurring jobs of all Ruby projects have in common, and makes tasks of it.

use std::time::Duration;

use jobs_core::{RecurringTask, Registry, Schedule, check_queue_name};
use jobs_syntax::schedule::{RubySchedule, ScheduleError, read_ruby};
use serde_json::Value;

use crate::document::{Diagnostics, Kind, Node, json, quoted};
use crate::duration::parse as parse_duration;
use crate::ruby::recurring::job_name::job_name;
use crate::ruby::settings::Settings;
use crate::ruby::{number, resolve};

/// A task in a file, with the jobs of this program.
pub(crate) struct TaskNode<'n> {
    pub(crate) key: &'n Node,
    pub(crate) name: &'n str,
    pub(crate) node: &'n Node,
    pub(crate) registry: Option<&'n Registry>,
}

impl<'n> TaskNode<'n> {
    /// The value of a key that is required.
    pub(crate) fn required(
        &self,
        diagnostics: &mut Diagnostics<'_>,
        settings: &Settings<'n>,
        what: &str,
    ) -> Option<&'n Node> {
        let found = settings.find(what);
        if found.is_none() {
            let name = quoted(self.name);
            diagnostics.error(self.key.location, format!("the recurring task {name} has no `{what}`"));
        }
        found
    }

    /// The task of this class and schedule, with its other settings. All of them are read, so that all mistakes are reported.
    pub(crate) fn build(
        &self,
        diagnostics: &mut Diagnostics<'_>,
        settings: &Settings<'_>,
        class: Option<String>,
        schedule: Option<RubySchedule>,
    ) -> Option<RecurringTask> {
        let arguments = settings.find("args").map(|node| arguments(diagnostics, node));
        let queue = settings.find("queue").map(|node| queue(diagnostics, node));
        let priority = settings.find("priority").map(|node| priority(diagnostics, node));
        let description = settings.find("description").map(|node| text(diagnostics, "description", node));
        let expires_in = settings.find("expires_in").map(|node| expires_in(diagnostics, node));
        let RubySchedule { schedule, zone, .. } = schedule?;
        let mut task = RecurringTask::new(self.name, job_name(&class?, self.registry), schedule);
        task.zone = zone;
        task.queue = queue.map_or(Some(None), |queue| queue.map(Some))?;
        task.priority = priority.map_or(Some(None), |priority| priority.map(Some))?;
        task.description = description.map_or(Some(None), |text| text.map(Some))?;
        task.expires_in = expires_in.map_or(Some(None), |time| time.map(Some))?;
        if let Some(arguments) = arguments {
            task.arguments = arguments?.to_string();
        }
        self.adapt_to_job(&mut task);
        if let Err(error) = task.check() {
            diagnostics.error(self.key.location, error.to_string());
            return None;
        }
        Some(task)
    }

    /// Sets the version of the job. A mapping is its arguments by name, or the only argument if they do not fit.
    fn adapt_to_job(&self, task: &mut RecurringTask) {
        let Some(known) = self.registry.and_then(|registry| registry.get(&task.job)) else { return };
        task.version = known.definition.settings().version;
        let fits = |arguments: &str| {
            let definition = &known.definition;
            definition.check_names(arguments, task.version).is_ok()
                && definition.draft(arguments, task.version, 0).is_ok()
        };
        let as_only_one = format!("[{}]", task.arguments);
        if task.arguments.starts_with('{') && !fits(&task.arguments) && fits(&as_only_one) {
            task.arguments = as_only_one;
        }
    }
}

/// A cron line, a name or English as `fugit` reads it.
pub(crate) fn cron_schedule(diagnostics: &mut Diagnostics<'_>, key: &str, node: &Node) -> Option<RubySchedule> {
    let written = text(diagnostics, key, node)?;
    checked(diagnostics, node, &written, read_ruby(&written))
}

/// The schedule, with a warning if its meaning may surprise.
pub(crate) fn checked(
    diagnostics: &mut Diagnostics<'_>,
    node: &Node,
    written: &str,
    read: Result<RubySchedule, ScheduleError>,
) -> Option<RubySchedule> {
    let error = match read {
        // The zone is known only to the schedule itself.
        Ok(schedule) => match Schedule::parse(&schedule.schedule, schedule.zone.as_deref()) {
            Ok(_) => {
                if let Some(surprise) = &schedule.surprise {
                    let message = format!("{} is read as Ruby's `fugit` reads it: {surprise}", quoted(written));
                    diagnostics.warn(node.location, message);
                }
                return Some(schedule);
            }
            Err(error) => error.to_string(),
        },
        Err(error) => format!("{} is not a valid schedule: {error}", quoted(written)),
    };
    diagnostics.error(node.location, error);
    None
}

pub(crate) fn text(diagnostics: &mut Diagnostics<'_>, key: &str, node: &Node) -> Option<String> {
    let Kind::Text(text) = &node.kind else {
        diagnostics.mismatch(key, "text", node, "");
        return None;
    };
    Some(resolve::unescape(text))
}

/// The arguments: a list by position, a mapping by name, or another value as the only argument.
fn arguments(diagnostics: &mut Diagnostics<'_>, node: &Node) -> Option<Value> {
    let value = json(diagnostics, node, |_, _, text| Some(resolve::unescape(text)))?;
    Some(if value.is_array() || value.is_object() { value } else { Value::from(vec![value]) })
}

fn queue(diagnostics: &mut Diagnostics<'_>, node: &Node) -> Option<String> {
    let name = text(diagnostics, "queue", node)?;
    let checked = check_queue_name(&name);
    checked.map_err(|error| diagnostics.error(node.location, error.to_string())).ok().map(|()| name)
}

/// How long a job is worth running, which only we read: `2h`, or a number of seconds.
fn expires_in(diagnostics: &mut Diagnostics<'_>, node: &Node) -> Option<Duration> {
    let written = if let Kind::Text(text) = &node.kind { parse_duration(&resolve::unescape(text)).ok() } else { None };
    written.filter(|time| !time.is_zero()).or_else(|| number::interval(diagnostics, "expires_in", node))
}

/// The priority. In Rails smaller numbers run first, here larger ones, so the number is negated.
fn priority(diagnostics: &mut Diagnostics<'_>, node: &Node) -> Option<i32> {
    number::signed(diagnostics, "priority", node).and_then(i32::checked_neg)
}
