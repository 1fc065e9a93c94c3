//! The whole file: a section for each environment.

use jobs_core::Error;

use crate::fields::entries;
use crate::node::{Kind, Node, Place};
use crate::reading::{Lookup, Reading};
use crate::words::{guess, listed};
use crate::{Config, erb, node, section};

/// The variable whose store comes before that of the file.
const URL_VARIABLE: &str = "JOBS_URL";

const START: Place = Place { line: 1, column: 1 };

/// Reads `environment`. The other sections are looked through too, so that a slip in that of production is found
/// where it is made; their variables are not asked for.
///
/// # Errors
/// All that is wrong, a line each.
pub(crate) fn read(file: &str, text: &str, environment: &str, lookup: Lookup<'_>) -> Result<Config, Error> {
    let mut reading = Reading::new(file, text);
    for place in erb::places(text) {
        reading.fault(place, erb::REFUSED);
    }
    // Ruby makes nonsense of the YAML around it, so nothing else would be worth saying.
    reading.check()?;
    let config = match node::parse(text) {
        Ok(root) => chosen(&mut reading, &root, environment, lookup),
        Err((place, words)) => {
            reading.fault(place, format!("this is not YAML: {words}{}", advice(text, place)));
            Config::default()
        }
    };
    reading.check().map(|()| config)
}

fn chosen<'a>(reading: &mut Reading<'a>, root: &Node, environment: &str, lookup: Lookup<'a>) -> Config {
    let mut config = Config::default();
    let sections = sections(reading, root);
    let mut is_there = false;
    for (name, node) in &sections {
        if name == environment {
            is_there = true;
            reading.lookup = Some(lookup);
            config = section::read(reading, node, lookup(URL_VARIABLE).filter(|url| !url.is_empty()));
            reading.lookup = None;
        } else {
            section::read(reading, node, None);
        }
    }
    if !is_there {
        let names: Vec<_> = sections.iter().map(|(name, _)| name.as_str()).collect();
        absent(reading, root, environment, &names);
    }
    environment.clone_into(&mut config.environment);
    config
}

/// Says that the environment has no section, unless there are none for a reason that is said already.
fn absent(reading: &mut Reading<'_>, root: &Node, environment: &str, names: &[&str]) {
    if !names.is_empty() {
        let (all, guess) = (listed(names), guess(environment, names));
        let words = format!("the environment `{environment}` has no section; there is {all}{guess}");
        reading.fault(START, format!("{words} (`JOBS_ENV` chooses the environment)"));
    } else if matches!(root.kind, Kind::Empty) {
        reading.fault(START, "the file is empty; write a section for each environment, as `development:`");
    }
}

/// The sections that are environments. One that begins with `x-` only holds parts for others.
fn sections<'n>(reading: &mut Reading<'_>, root: &'n Node) -> Vec<(String, &'n Node)> {
    let Some(entries) = entries(reading, root) else {
        if !matches!(root.kind, Kind::Empty) {
            let words = "the file is a mapping with a section for each environment, and this is";
            reading.fault(root.place, format!("{words} {}", reading.shown(root)));
        }
        return Vec::new();
    };
    let mut sections = Vec::new();
    for (key, name, node) in entries {
        if section::KEYS.contains(&name.as_str()) {
            let words = "stands outside of all environments; put it into one, as below `development:`";
            reading.fault(key.place, format!("`{name}` {words}"));
        } else if !name.starts_with("x-") {
            sections.push((name, node));
        }
    }
    sections
}

/// The usual reason, if it is to be seen in the line.
fn advice(text: &str, place: Place) -> &'static str {
    let line = (1_u64..).zip(text.lines()).find(|(number, _)| *number == place.line);
    let has_variable = line.is_some_and(|(_, line)| line.contains("${"));
    if has_variable { "; between `{` and `}`, put `${..}` in quotes" } else { "" }
}
