//! Reads a task in the `config/recurring.yml` of Solid Queue.

use jobs_core::RecurringTask;

use crate::document::{Diagnostics, Node};
use crate::ruby::recurring::values::{TaskNode, cron_schedule, text};
use crate::ruby::settings::{Keys, Settings};

const TASK: Keys = Keys {
    what: "a recurring task",
    read: &["class", "command", "args", "schedule", "queue", "priority", "description", "expires_in"],
    ignored: &[("static", "the tasks of a file are declared again at each start")],
};

/// The commands of Solid Queue that delete what is not needed, and why nothing of them is to do here. The first one is in the
/// file that Rails generates.
const CLEARING: [(&str, &str); 2] = [
    (
        "SolidQueue::Job.clear_finished_in_batches",
        "this is not read: finished jobs are deleted automatically after `keep_finished`, a day",
    ),
    (
        "SolidQueue::RecurringExecution.clear_in_batches",
        "this is not read: nothing is kept of the ticks of recurring jobs, so there is nothing to delete",
    ),
];

pub(crate) fn task(diagnostics: &mut Diagnostics<'_>, task: &TaskNode<'_>) -> Option<RecurringTask> {
    let settings = Settings::read(diagnostics, &TASK, task.node);
    if let Some(node) = settings.find("command") {
        command(diagnostics, node);
        return None;
    }
    // All keys are read before an early return, so that all mistakes are reported.
    let class = task.required(diagnostics, &settings, "class").and_then(|node| text(diagnostics, "class", node));
    let schedule =
        task.required(diagnostics, &settings, "schedule").and_then(|node| cron_schedule(diagnostics, "schedule", node));
    task.build(diagnostics, &settings, class, schedule)
}

fn command(diagnostics: &mut Diagnostics<'_>, node: &Node) {
    let text = text(diagnostics, "command", node).unwrap_or_default();
    if let Some((_, message)) = CLEARING.iter().find(|(command, _)| text.trim_start().starts_with(command)) {
        diagnostics.warn(node.location, *message);
    } else {
        let message = "`command` is Ruby, which is not run here: write a job that does it, and name it with `class`";
        diagnostics.error(node.location, message);
    }
}
