//! Where the file, the environment and its variables come from.

use std::io::ErrorKind;
use std::path::Path;
use std::{env, fs, io};

use jobs_core::Error;

use crate::{Config, document};

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
    /// A store that `JOBS_URL` names comes before that of the file. A variable that is empty counts as not set.
    ///
    /// # Errors
    /// The file cannot be read, or [`parse`](Self::parse) says what is wrong with it.
    pub fn read(path: impl AsRef<Path>) -> Result<Self, Error> {
        let environment = set(ENVIRONMENT_VARIABLE).unwrap_or_else(|| DEFAULT_ENVIRONMENT.to_owned());
        Self::read_for(path, &environment)
    }

    /// As [`read`](Self::read), for this environment whatever `JOBS_ENV` says.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub fn read_for(path: impl AsRef<Path>, environment: &str) -> Result<Self, Error> {
        let path = path.as_ref();
        let text = fs::read_to_string(path).map_err(|error| unreadable(path, error))?;
        document::read(&path.display().to_string(), &text, environment, &variable)
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
