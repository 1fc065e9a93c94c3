//! `config/jobs.yml`: a section for each environment.

mod erb;
mod fields;
mod queues;
mod recurring;
mod section;
mod value;

use jobs_core::Error;

use crate::Config;
use crate::document::{Diagnostics, Kind, Location, Lookup, Node, advice, entries, listed, near, parse};

/// The variable whose store overrides that of the file.
const URL_VARIABLE: &str = "JOBS_URL";

/// Reads the section of `environment`. The other sections are checked too, so that a mistake in the section of production
/// is found during development; their variables are not read.
///
/// # Errors
/// All mistakes, a line each.
pub(crate) fn read(file: &str, text: &str, environment: &str, lookup: Lookup<'_>) -> Result<Config, Error> {
    let mut diagnostics = Diagnostics::new(file, text);
    for location in erb::locations(text) {
        diagnostics.error(location, erb::REFUSED);
    }
    // The text around ERB is often not YAML, so further messages would not help.
    diagnostics.check()?;
    let config = match parse(text) {
        Ok(root) => chosen(&mut diagnostics, &root, environment, lookup),
        Err((location, message)) => {
            diagnostics.error(location, format!("this is not YAML: {message}{}", advice(text, location)));
            Config::default()
        }
    };
    diagnostics.check().map(|()| config)
}

/// The configuration of the chosen environment.
fn chosen<'a>(diagnostics: &mut Diagnostics<'a>, root: &Node, environment: &str, lookup: Lookup<'a>) -> Config {
    let mut config = Config::default();
    let sections = sections(diagnostics, root);
    let mut is_found = false;
    for (name, node) in &sections {
        if name == environment {
            is_found = true;
            diagnostics.lookup = Some(lookup);
            config = section::read(diagnostics, node, lookup(URL_VARIABLE).filter(|url| !url.is_empty()));
            diagnostics.lookup = None;
        } else {
            section::read(diagnostics, node, None);
        }
    }
    if !is_found {
        let names: Vec<_> = sections.iter().map(|(name, _)| name.as_str()).collect();
        report_missing(diagnostics, root, environment, &names);
    }
    environment.clone_into(&mut config.environment);
    config
}

/// Reports that the environment has no section, unless another error already explains why there are no sections.
fn report_missing(diagnostics: &mut Diagnostics<'_>, root: &Node, environment: &str, names: &[&str]) {
    if !names.is_empty() {
        let (all, hint) = (listed(names), near(environment, names));
        let message = format!("the environment `{environment}` has no section; there is {all}{hint}");
        diagnostics.error(Location::START, format!("{message} (`JOBS_ENV` chooses the environment)"));
    } else if matches!(root.kind, Kind::Empty) {
        diagnostics
            .error(Location::START, "the file is empty; write a section for each environment, as `development:`");
    }
}

/// The sections of environments. A section whose name begins with `x-` only has parts for others.
fn sections<'n>(diagnostics: &mut Diagnostics<'_>, root: &'n Node) -> Vec<(String, &'n Node)> {
    let Some(entries) = entries(diagnostics, root) else {
        if !matches!(root.kind, Kind::Empty) {
            let expected = "the file is a mapping with a section for each environment";
            diagnostics.error(root.location, format!("{expected}, and this is {}", diagnostics.describe(root)));
        }
        return Vec::new();
    };
    let mut sections = Vec::new();
    for (key, name, node) in entries {
        if section::KEYS.contains(&name.as_str()) {
            let advice = "move it into one of them, as under `development:`";
            diagnostics.error(key.location, format!("`{name}` is outside of all environments; {advice}"));
        } else if !name.starts_with("x-") {
            sections.push((name, node));
        }
    }
    sections
}
