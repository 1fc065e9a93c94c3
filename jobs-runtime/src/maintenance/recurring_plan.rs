//! The recurring tasks of a program: those that its jobs declare, and those of the builder.

use std::collections::BTreeMap;

use jobs_core::{Error, RecurringTask, Registry, Schedule, Store};

use crate::observe::log;

/// A task of this program with its parsed schedule.
#[derive(Clone, Debug)]
pub(crate) struct PlannedTask {
    pub(crate) task: RecurringTask,
    pub(crate) schedule: Schedule,
}

/// All tasks of a program, sorted by key, each checked.
///
/// # Errors
/// For each task that is not valid, what is wrong: its schedule, its job, its arguments, or a key that another task has.
pub(crate) fn plan(registry: &Registry, given: Vec<RecurringTask>) -> Result<Vec<PlannedTask>, Error> {
    let mut planned: BTreeMap<String, PlannedTask> = BTreeMap::new();
    let mut faults = Vec::new();
    let declared = registry.iter().filter_map(|known| {
        let definition = &known.definition;
        let task = definition.settings().recurs?.task(definition.name());
        Some(task.map_err(|error| Error::invalid(format!("the job `{}`: {error}", definition.name()))))
    });
    for task in declared.chain(given.into_iter().map(Ok)) {
        match task.and_then(|task| one(registry, task)) {
            Ok(task) if planned.contains_key(&task.task.key) => faults.push(twice(&task.task.key)),
            Ok(task) => drop(planned.insert(task.task.key.clone(), task)),
            Err(error) => faults.push(error.to_string()),
        }
    }
    if faults.is_empty() { Ok(planned.into_values().collect()) } else { Err(Error::invalid(faults.join("\n"))) }
}

fn one(registry: &Registry, task: RecurringTask) -> Result<PlannedTask, Error> {
    task.check()?;
    let schedule = task.when()?;
    let of_task = |message: String| Error::invalid(format!("the recurring task `{}`: {message}", task.key));
    let known = registry.get(&task.job).ok_or_else(|| {
        let names: Vec<&str> = registry.iter().map(|known| known.definition.name()).collect();
        of_task(jobs_core::spelling::unknown("a job of this program", &task.job, &names).to_string())
    })?;
    let names = known.definition.check_names(&task.arguments, task.version);
    names.map_err(|error| of_task(error.to_string()))?;
    known.definition.draft(&task.arguments, task.version, 0).map_err(|error| of_task(error.to_string()))?;
    Ok(PlannedTask { task, schedule })
}

fn twice(key: &str) -> String {
    format!(
        "two recurring tasks have the key `{key}` (that of a job that recurs is its name); give one of them another key"
    )
}

/// Removes all tasks, for a store that keeps nothing and cannot know which ticks are taken.
pub(crate) fn remove_all(recurring: &mut Vec<PlannedTask>) {
    if !recurring.is_empty() {
        log::nothing_recurs(recurring.len());
    }
    recurring.clear();
}

/// Whether the store can keep them.
///
/// # Errors
/// It cannot; the error [is unsupported](Error::is_unsupported) and names them.
pub(crate) fn check_store(recurring: &[PlannedTask], store: &dyn Store) -> Result<(), Error> {
    if recurring.is_empty() || store.recurring().is_some() {
        return Ok(());
    }
    let keys: Vec<_> = recurring.iter().map(|planned| format!("`{}`", planned.task.key)).collect();
    Err(Error::unsupported(format!(
        "the store keeps no recurring tasks, and there are some: {}; use another store, or leave them to another process \
         with `.scheduler(false)`",
        keys.join(", ")
    )))
}
