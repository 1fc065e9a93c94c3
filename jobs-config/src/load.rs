//! Where the file, the environment and its variables come from.

use std::io::ErrorKind;
use std::path::Path;
use std::{env, fs, io};

use jobs_core::Error;

use crate::reading::Lookup;
use crate::sort::Sort;
use crate::{Config, document, ruby};

const CONFIG_VARIABLE: &str = "JOBS_CONFIG";
const ENVIRONMENT_VARIABLE: &str = "JOBS_ENV";
const DEFAULT_PATH: &str = "config/jobs.yml";
const DEFAULT_ENVIRONMENT: &str = "development";

impl Config {
    /// Reads the file that `JOBS_CONFIG` names, else `config/jobs.yml` in the working directory. See
    /// [`read`](Self::read).
    ///
    /// # Errors
    /// There is no such file, or [`read`](Self::read) says what is wrong with it.
    pub fn load() -> Result<Self, Error> {
        Self::read(set(CONFIG_VARIABLE).unwrap_or_else(|| DEFAULT_PATH.to_owned()))
    }

    /// Reads this file for the environment that `JOBS_ENV` names, else for `development`.
    ///
    /// A file of a Ruby project is read as it stands: Solid Queue's `queue.yml` and Sidekiq's `sidekiq.yml`, known by
    /// their names, and others by their keys. For these, `RAILS_ENV` and `RACK_ENV` are asked after `JOBS_ENV`. What
    /// has no sense here is in [`warnings`](Self::warnings).
    ///
    /// A store that `JOBS_URL` names comes before that of the file. A variable that is empty counts as not set.
    ///
    /// # Errors
    /// The file cannot be read, or [`parse`](Self::parse) says what is wrong with it.
    pub fn read(path: impl AsRef<Path>) -> Result<Self, Error> {
        let path = path.as_ref();
        let (file, text) = (path.display().to_string(), text(path)?);
        let sort = Sort::of(&file, &text);
        let mut variables = [ENVIRONMENT_VARIABLE].iter().chain(sort.variables());
        let environment = variables.find_map(|name| set(name)).unwrap_or_else(|| DEFAULT_ENVIRONMENT.to_owned());
        read_as(sort, &file, &text, &environment, &variable)
    }

    /// As [`read`](Self::read), for this environment whatever the variables say.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub fn read_for(path: impl AsRef<Path>, environment: &str) -> Result<Self, Error> {
        let path = path.as_ref();
        Self::parse_file(&path.display().to_string(), &text(path)?, environment, variable)
    }

    /// Reads this text as if it stood in `file`, which chooses the sort, and asks `lookup` alone for variables.
    ///
    /// # Errors
    /// As [`parse`](Self::parse).
    pub fn parse_file(
        file: &str,
        text: &str,
        environment: &str,
        lookup: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, Error> {
        read_as(Sort::of(file, text), file, text, environment, &lookup)
    }

    /// Adds the jobs that recur by Rails' `config/recurring.yml`, for the [`environment`](Self::environment) of this
    /// configuration. A class is the job of that name or alias, else the one that a function would be called:
    /// `CleanupJob` is `cleanup` or `cleanup_job`.
    ///
    /// # Errors
    /// The file cannot be read, or all that is wrong with it is said, a line each; nothing is added then.
    pub fn read_recurring(&mut self, path: impl AsRef<Path>) -> Result<(), Error> {
        let path = path.as_ref();
        self.parse_recurring(&path.display().to_string(), &text(path)?, variable)
    }

    /// As [`read_recurring`](Self::read_recurring), of a text that stands in `file`.
    ///
    /// # Errors
    /// As [`read_recurring`](Self::read_recurring).
    pub fn parse_recurring(
        &mut self,
        file: &str,
        text: &str,
        lookup: impl Fn(&str) -> Option<String>,
    ) -> Result<(), Error> {
        ruby::add_recurring(self, file, text, &lookup)
    }

    /// Reads this text for `environment`, and asks `lookup` alone for variables, `JOBS_URL` among them.
    ///
    /// # Errors
    /// Says all that is wrong, a line each with its place: the text is not YAML or has ERB in it, the
    /// environment has no section, a key is unknown or given twice, a value cannot be, a variable is missing.
    pub fn parse(text: &str, environment: &str, lookup: impl Fn(&str) -> Option<String>) -> Result<Self, Error> {
        document::read("jobs.yml", text, environment, &lookup)
    }
}

fn read_as(sort: Sort, file: &str, text: &str, environment: &str, lookup: Lookup<'_>) -> Result<Config, Error> {
    match sort {
        Sort::Jobs => document::read(file, text, environment, lookup),
        Sort::Recurring => Err(Error::invalid(format!(
            "`{file}` has only jobs that recur: name a file with workers, and this one besides it (`--recurring-file`, or \
             `read_recurring` in the code)"
        ))),
        Sort::SolidQueue | Sort::Sidekiq => ruby::read(file, text, sort, environment, lookup),
    }
}

fn text(path: &Path) -> Result<String, Error> {
    fs::read_to_string(path).map_err(|error| unreadable(path, error))
}

fn variable(name: &str) -> Option<String> {
    env::var(name).ok()
}

fn set(name: &str) -> Option<String> {
    variable(name).filter(|value| !value.is_empty())
}

fn unreadable(path: &Path, error: io::Error) -> Error {
    let path = path.display();
    let words = match error.kind() {
        ErrorKind::NotFound => {
            let folder = env::current_dir().map(|folder| folder.display().to_string()).unwrap_or_default();
            format!("there is no `{path}` in `{folder}`: write it, or name another file in `{CONFIG_VARIABLE}`")
        }
        ErrorKind::InvalidData => format!("`{path}` is not text in UTF-8"),
        _ => format!("`{path}` cannot be read"),
    };
    Error::invalid(words).with_source(error)
}
