//! The files of Ruby projects, which are read without changes.

mod erb;
mod number;
mod queue_names;
mod recurring;
mod resolve;
mod sections;
mod settings;
mod sidekiq;
mod solid_queue;

use jobs_core::{Error, Registry};

use crate::Config;
use crate::document::{Diagnostics, Lookup, Node, advice, parse};
use crate::ruby::erb::ErbTemplate;
use crate::time_zone::count_without_zone;

/// The variable that names the store, because these files do not.
const URL_VARIABLE: &str = "JOBS_URL";

/// Reads the `queue.yml` of Solid Queue for `environment`.
///
/// # Errors
/// All mistakes, a line each.
pub(crate) fn read_solid_queue(file: &str, text: &str, environment: &str, lookup: Lookup<'_>) -> Result<Config, Error> {
    read(file, text, environment, lookup, |diagnostics, root| solid_queue::read(diagnostics, root, environment))
}

/// Reads the `sidekiq.yml` of Sidekiq for `environment`.
///
/// # Errors
/// All mistakes, a line each.
pub(crate) fn read_sidekiq(file: &str, text: &str, environment: &str, lookup: Lookup<'_>) -> Result<Config, Error> {
    read(file, text, environment, lookup, |diagnostics, root| {
        sidekiq::read(diagnostics, root, environment, lookup, registry().as_ref())
    })
}

fn read<'a>(
    file: &'a str,
    text: &'a str,
    environment: &str,
    lookup: Lookup<'a>,
    config: impl FnOnce(&mut Diagnostics<'a>, &Node) -> Config,
) -> Result<Config, Error> {
    let mut diagnostics = Diagnostics::new(file, text);
    let root = tree(&mut diagnostics, text, environment, lookup)?;
    diagnostics.lookup = Some(lookup);
    let mut config = config(&mut diagnostics, &root);
    diagnostics.check()?;
    environment.clone_into(&mut config.environment);
    config.store = lookup(URL_VARIABLE).filter(|url| !url.is_empty());
    config.without_zone = count_without_zone(&config.recurring);
    config.warnings = diagnostics.take_warnings();
    Ok(config)
}

/// Adds the tasks of a `recurring.yml`, for the environment of the configuration. The classes are those of registered
/// jobs.
///
/// # Errors
/// All mistakes, a line each; nothing is added then.
pub(crate) fn add_recurring(config: &mut Config, file: &str, text: &str, lookup: Lookup<'_>) -> Result<(), Error> {
    let mut diagnostics = Diagnostics::new(file, text);
    let root = tree(&mut diagnostics, text, &config.environment, lookup)?;
    diagnostics.lookup = Some(lookup);
    let tasks = recurring::read(&mut diagnostics, &root, &config.environment, registry().as_ref());
    diagnostics.check()?;
    config.without_zone += count_without_zone(&tasks);
    config.recurring.extend(tasks);
    config.warnings.extend(diagnostics.take_warnings());
    Ok(())
}

/// The jobs of this program. If they contradict each other, the error is reported when the runtime is built.
fn registry() -> Option<Registry> {
    Registry::collect().ok()
}

/// The YAML of the text, with the values of its ERB.
fn tree(diagnostics: &mut Diagnostics<'_>, text: &str, environment: &str, lookup: Lookup<'_>) -> Result<Node, Error> {
    let template = ErbTemplate::of(diagnostics, text, Some(environment), lookup);
    // The text around other ERB is often not YAML, so further messages would not help.
    diagnostics.check()?;
    match parse(&template.text) {
        Ok(root) => Ok(resolve::resolve(root, &template, text)),
        Err((location, message)) => {
            diagnostics.error(location, format!("this is not YAML: {message}{}", advice(text, location)));
            diagnostics.check().and(Err(Error::invalid("this is not YAML")))
        }
    }
}

pub(crate) use recurring::is_file_of_tasks;

/// The YAML of a text with all variables unset, to see its keys; `None` if the text is not YAML.
pub(crate) fn outline(text: &str) -> Option<Node> {
    let mut diagnostics = Diagnostics::new("", text);
    let template = ErbTemplate::of(&mut diagnostics, text, None, &|_| None);
    parse(&template.text).ok().map(|root| resolve::resolve(root, &template, text))
}
