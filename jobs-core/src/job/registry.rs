//! The job types that a program can run, by name.

use std::collections::BTreeMap;

use crate::{Definition, Error, Policy};

/// The job types of a program, sorted by name.
#[derive(Debug, Default)]
pub struct Registry {
    entries: Vec<Registered>,
    by_name: BTreeMap<&'static str, usize>,
}

/// One job type with its rules and callbacks.
#[non_exhaustive]
pub struct Registered {
    /// The job type.
    pub definition: Definition,
    /// Its rules and callbacks, including the runtime's defaults.
    pub policy: Policy,
}

impl Registered {
    fn mistakes(&self) -> Vec<String> {
        let mistakes = self.policy.mistakes().into_iter();
        mistakes.map(|mistake| format!("the job `{}` {mistake}", self.definition.name())).collect()
    }
}

impl std::fmt::Debug for Registered {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.definition.fmt(f)
    }
}

impl Registry {
    /// The jobs that `#[job]` registered in all crates the program links.
    ///
    /// # Errors
    /// There are no jobs, two have the same name or alias, or one skips a callback that it does not inherit. The error
    /// says what to do.
    pub fn collect() -> Result<Self, Error> {
        Self::collect_over(&Policy::default())
    }

    /// As [`collect`](Self::collect), with the `defaults` below each job's own policy.
    ///
    /// # Errors
    /// As [`collect`](Self::collect).
    pub fn collect_over(defaults: &Policy) -> Result<Self, Error> {
        Self::of(inventory::iter::<Definition>.into_iter().copied(), defaults)
    }

    /// The jobs of an explicit list, with the `defaults` below each job's own policy.
    ///
    /// # Errors
    /// The list is empty, two have the same name or alias, one is performed elsewhere, or one skips a callback that it does
    /// not inherit. The error
    /// says what to do.
    pub fn of(definitions: impl IntoIterator<Item = Definition>, defaults: &Policy) -> Result<Self, Error> {
        let mut definitions: Vec<_> = definitions.into_iter().collect();
        if definitions.is_empty() {
            return Err(Error::invalid(EMPTY));
        }
        // The linker decides the order of registration, so it differs between builds.
        definitions.sort_by_key(name_and_location);
        let mut registry = Self::default();
        for definition in &definitions {
            registry.add(definition, defaults)?;
        }
        registry.checked()
    }

    fn checked(self) -> Result<Self, Error> {
        let mistakes: Vec<_> = self.entries.iter().flat_map(Registered::mistakes).collect();
        if mistakes.is_empty() { Ok(self) } else { Err(Error::invalid(mistakes.join("\n"))) }
    }

    fn add(&mut self, definition: &Definition, defaults: &Policy) -> Result<(), Error> {
        if definition.settings().remote {
            return Err(remote(definition));
        }
        let index = self.entries.len();
        let names = std::iter::once(definition.name()).chain(definition.settings().aliases.iter().copied());
        for name in names {
            if let Some(other) = self.by_name.insert(name, index).and_then(|other| self.entries.get(other)) {
                return Err(same_name(name, &other.definition, definition));
            }
        }
        self.entries.push(Registered { definition: *definition, policy: definition.policy().over(defaults) });
        Ok(())
    }

    /// The job type of this name or alias.
    pub fn get(&self, name: &str) -> Option<&Registered> {
        self.by_name.get(name).and_then(|index| self.entries.get(*index))
    }

    /// All job types, sorted by name.
    pub fn iter(&self) -> impl Iterator<Item = &Registered> {
        self.entries.iter()
    }

    /// The names and aliases of all job types, sorted.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.by_name.keys().copied()
    }

    /// How many job types there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there are none. A built registry is never empty.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

/// Sorts by name, and by location if two have the same name: the error is then the same in each build.
fn name_and_location(definition: &Definition) -> (&'static str, &'static str, u32, u32) {
    let location = definition.location();
    (definition.name(), location.file(), location.line(), location.column())
}

const EMPTY: &str = "no job is registered. A crate of jobs that the program never names is left out by the linker: \
                     write `use my_jobs as _;` in `main.rs`, or list the jobs with `.register(jobs![..])`";

fn remote(definition: &Definition) -> Error {
    let (name, location) = (definition.name(), definition.location());
    Error::invalid(format!(
        "`{name}` is performed by another program, so no worker here can run it ({}:{}): leave it out of the list of jobs",
        location.file(),
        location.line(),
    ))
}

fn same_name(name: &str, first: &Definition, second: &Definition) -> Error {
    let (one, other) = (first.location(), second.location());
    Error::invalid(format!(
        "two jobs are named `{name}`: one at {}:{}, one at {}:{}. Give one of them another `name = \"..\"`",
        one.file(),
        one.line(),
        other.file(),
        other.line(),
    ))
}
