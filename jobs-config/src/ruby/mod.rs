//! Files of Ruby projects, read as they stand.

mod class;
mod erb;
mod expression;
mod number;
mod recurring;
mod scheduler;
mod sections;
mod served;
mod settings;
mod sidekiq;
mod solid_queue;
mod tree;

use jobs_core::{Error, Registry};

use crate::Config;
use crate::node::{self, Node};
use crate::reading::{Lookup, Reading};
use crate::sort::Sort;
use erb::Marked;

/// The variable that names the store, which these files do not.
const URL_VARIABLE: &str = "JOBS_URL";

/// Reads one of Ruby's files for `environment`.
///
/// # Errors
/// All that is wrong, a line each.
pub(crate) fn read(file: &str, text: &str, sort: Sort, environment: &str, lookup: Lookup<'_>) -> Result<Config, Error> {
    let mut reading = Reading::new(file, text);
    let root = tree(&mut reading, text, lookup)?;
    reading.lookup = Some(lookup);
    let mut config = match sort {
        Sort::Sidekiq => sidekiq::read(&mut reading, &root, environment, lookup, registry().as_ref()),
        _ => solid_queue::read(&mut reading, &root, environment),
    };
    reading.check()?;
    environment.clone_into(&mut config.environment);
    config.store = lookup(URL_VARIABLE).filter(|url| !url.is_empty());
    config.warnings = reading.warned();
    Ok(config)
}

/// Adds the tasks of a `recurring.yml`, for the environment of the configuration. Classes are found among the jobs that
/// are registered.
///
/// # Errors
/// All that is wrong, a line each; nothing is added then.
pub(crate) fn add_recurring(config: &mut Config, file: &str, text: &str, lookup: Lookup<'_>) -> Result<(), Error> {
    let mut reading = Reading::new(file, text);
    let root = tree(&mut reading, text, lookup)?;
    reading.lookup = Some(lookup);
    let tasks = recurring::read(&mut reading, &root, &config.environment, registry().as_ref());
    reading.check()?;
    config.recurring.extend(tasks);
    config.warnings.extend(reading.warned());
    Ok(())
}

/// The jobs of this program. One whose jobs do not go together is told so when it is built.
fn registry() -> Option<Registry> {
    Registry::collect().ok()
}

/// The YAML of the text, with the values of its look-ups.
fn tree(reading: &mut Reading<'_>, text: &str, lookup: Lookup<'_>) -> Result<Node, Error> {
    let marked = Marked::of(reading, text, lookup);
    // Ruby that is left makes nonsense of the YAML around it, so nothing else would be worth saying.
    reading.check()?;
    match node::parse(&marked.text) {
        Ok(root) => Ok(tree::settled(root, &marked, text)),
        Err((place, words)) => {
            reading.fault(place, format!("this is not YAML: {words}"));
            reading.check().and(Err(Error::invalid("this is not YAML")))
        }
    }
}

/// The YAML of a text of which only the keys are asked for; `None` if it is none.
pub(crate) fn outline(text: &str) -> Option<Node> {
    let mut reading = Reading::new("", text);
    let marked = Marked::of(&mut reading, text, &|_| None);
    node::parse(&marked.text).ok().map(|root| tree::settled(root, &marked, text))
}
