//! Finds the file, the environment and its variables, and reads the configuration.

use std::cell::RefCell;
use std::env::VarError;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::{env, fs, io};

use jobs_core::Error;
use jobs_core::url::masked;

use crate::document::Lookup;
use crate::file_kind::FileKind;
use crate::{Config, jobs_yml, ruby};

const CONFIG_VARIABLE: &str = "JOBS_CONFIG";
const ENVIRONMENT_VARIABLE: &str = "JOBS_ENV";
const TIME_ZONE_VARIABLE: &str = "JOBS_TIME_ZONE";
const DEFAULT_PATH: &str = "config/jobs.yml";
const DEFAULT_ENVIRONMENT: &str = "development";

impl Config {
    /// Reads the file that `JOBS_CONFIG` names, else `config/jobs.yml` in the working directory. See
    /// [`read`](Self::read).
    ///
    /// # Errors
    /// There is no such file, or [`read`](Self::read) reports its mistakes.
    pub fn load() -> Result<Self, Error> {
        let named = env::var_os(CONFIG_VARIABLE).filter(|path| !path.is_empty());
        Self::read(named.map_or_else(|| PathBuf::from(DEFAULT_PATH), PathBuf::from))
    }

    /// Reads this file for the environment that `JOBS_ENV` names, else for `development`.
    ///
    /// A file of a Ruby project is read without changes: Solid Queue's `queue.yml` and Sidekiq's `sidekiq.yml`, known by
    /// their names, and others by their keys. For these, `RAILS_ENV` and `RACK_ENV` are read after `JOBS_ENV`. Settings
    /// that have no meaning here are listed in [`warnings`](Self::warnings).
    ///
    /// A store that `JOBS_URL` names overrides that of the file, and a time zone that `JOBS_TIME_ZONE` names its
    /// [`time_zone`](Self::time_zone). An empty variable counts as not set.
    ///
    /// # Errors
    /// The file cannot be read, a variable is not Unicode, or [`parse`](Self::parse) reports its mistakes.
    pub fn read(path: impl AsRef<Path>) -> Result<Self, Error> {
        let path = path.as_ref();
        let (file, text) = (path.display().to_string(), text(path)?);
        let kind = FileKind::of(&file, &text);
        with_variables(|variable| {
            let set = |name: &&str| variable(name).filter(|value| !value.is_empty());
            let mut variables = [ENVIRONMENT_VARIABLE].iter().chain(kind.variables());
            let environment = variables.find_map(set).unwrap_or_else(|| DEFAULT_ENVIRONMENT.to_owned());
            read_as(kind, &file, &text, &environment, variable)
        })
    }

    /// As [`read`](Self::read), for this environment and not for the one that the variables name.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub fn read_for(path: impl AsRef<Path>, environment: &str) -> Result<Self, Error> {
        let path = path.as_ref();
        let (file, text) = (path.display().to_string(), text(path)?);
        with_variables(|variable| Self::parse_file(&file, &text, environment, variable))
    }

    /// Reads this text as the content of `file`, whose name decides the kind of the file. Variables come from `lookup` only.
    ///
    /// # Errors
    /// As [`parse`](Self::parse).
    pub fn parse_file(
        file: &str,
        text: &str,
        environment: &str,
        lookup: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, Error> {
        check_size(file, text.len())?;
        read_as(FileKind::of(file, text), file, text, environment, &lookup)
    }

    /// Adds the recurring jobs of Rails' `config/recurring.yml`, or of the `config/schedule.yml` of sidekiq-cron and
    /// sidekiq-scheduler, for the [`environment`](Self::environment) of this configuration. A class is the job with that name or alias, else the job of the function that would have this name:
    /// `CleanupJob` is `cleanup` or `cleanup_job`.
    ///
    /// # Errors
    /// The file cannot be read, or has mistakes; the error has a line for each, and nothing is added.
    pub fn read_recurring(&mut self, path: impl AsRef<Path>) -> Result<(), Error> {
        let path = path.as_ref();
        let (file, text) = (path.display().to_string(), text(path)?);
        with_variables(|variable| self.parse_recurring(&file, &text, variable))
    }

    /// As [`read_recurring`](Self::read_recurring), for the text of `file`.
    ///
    /// # Errors
    /// As [`read_recurring`](Self::read_recurring).
    pub fn parse_recurring(
        &mut self,
        file: &str,
        text: &str,
        lookup: impl Fn(&str) -> Option<String>,
    ) -> Result<(), Error> {
        check_size(file, text.len())?;
        ruby::add_recurring(self, file, text, &lookup)
    }

    /// Reads this text for `environment`. Variables, also `JOBS_URL`, come from `lookup` only.
    ///
    /// # Errors
    /// Reports all mistakes, a line each with its location: the text is not YAML or has ERB in it, the environment has no
    /// section, a key is unknown or given twice, a value is wrong, a variable is missing.
    pub fn parse(text: &str, environment: &str, lookup: impl Fn(&str) -> Option<String>) -> Result<Self, Error> {
        check_size("jobs.yml", text.len())?;
        read_as(FileKind::Client, "jobs.yml", text, environment, &lookup)
    }
}

fn read_as(kind: FileKind, file: &str, text: &str, environment: &str, lookup: Lookup<'_>) -> Result<Config, Error> {
    let mut config = match kind {
        FileKind::Client => jobs_yml::read(file, text, environment, lookup)?,
        FileKind::Recurring => {
            return Err(Error::invalid(format!(
                "{file}:1:1: this file has only recurring jobs: name a file with workers, and this one in addition \
             (`--recurring-file {file}`, or `read_recurring` in the code)"
            )));
        }
        FileKind::SolidQueue => ruby::read_solid_queue(file, text, environment, lookup)?,
        FileKind::Sidekiq => ruby::read_sidekiq(file, text, environment, lookup)?,
    };
    if let Some(zone) = lookup(TIME_ZONE_VARIABLE).filter(|zone| !zone.is_empty()) {
        config.set_time_zone(&zone).map_err(|error| Error::invalid(format!("`{TIME_ZONE_VARIABLE}`: {error}")))?;
    }
    Ok(config)
}

/// The largest file in bytes. Five thousand recurring tasks take half of it.
const LARGEST: u64 = 1024 * 1024;

fn text(path: &Path) -> Result<String, Error> {
    let mut bytes = Vec::new();
    // One byte more tells whether the file is larger.
    let read = fs::File::open(path).and_then(|file| file.take(LARGEST + 1).read_to_end(&mut bytes));
    read.map_err(|error| unreadable(path, error))?;
    check_size(&path.display().to_string(), bytes.len())?;
    String::from_utf8(bytes).map_err(|error| unreadable(path, io::Error::new(ErrorKind::InvalidData, error)))
}

/// # Errors
/// The text is too large to be a configuration.
fn check_size(file: &str, bytes: usize) -> Result<(), Error> {
    if u64::try_from(bytes).is_ok_and(|bytes| bytes <= LARGEST) {
        return Ok(());
    }
    Err(Error::invalid(format!("`{file}` is larger than 1 MiB, which no configuration is: name the right file")))
}

/// Reads with the variables of the process. One that is not Unicode would name another store if it counted as not set.
///
/// # Errors
/// A variable that is read is not Unicode.
fn with_variables<T>(read: impl FnOnce(Lookup<'_>) -> Result<T, Error>) -> Result<T, Error> {
    let not_unicode = RefCell::new(None);
    let result = read(&|name| match env::var(name) {
        Ok(value) => Some(value),
        Err(VarError::NotPresent) => None,
        Err(VarError::NotUnicode(_)) => {
            not_unicode.replace(Some(name.to_owned()));
            None
        }
    });
    match not_unicode.into_inner() {
        Some(name) => Err(Error::invalid(format!("the value of `{name}` is not valid Unicode"))),
        None => result,
    }
}

fn unreadable(path: &Path, error: io::Error) -> Error {
    let path = path.display().to_string();
    let path = masked(&path);
    let message = match error.kind() {
        ErrorKind::NotFound => {
            let folder = env::current_dir().map(|folder| folder.display().to_string()).unwrap_or_default();
            format!("there is no `{path}` in `{folder}`: write it, or name another file in `{CONFIG_VARIABLE}`")
        }
        ErrorKind::InvalidData => format!("`{path}` is not text in UTF-8"),
        _ => format!("`{path}` cannot be read"),
    };
    Error::invalid(message).with_source(error)
}
