//! Which configuration and which store a command uses: from flags, environment variables and files.

use std::env::VarError;
use std::path::{Path, PathBuf};

use jobs::store::{SchemaStatus, connect};
use jobs::{Config, Error};

use crate::args::GlobalArgs;
use crate::store::open_store::OpenStore;

/// The files of Ruby projects that Sidekiq and Solid Queue read by default, and this program does not.
const RUBY_FILES: [&str; 2] = ["config/queue.yml", "config/sidekiq.yml"];

/// The configuration and the store that the command line names.
pub(crate) struct Target {
    url: Option<String>,
    file: Option<PathBuf>,
    environment: Option<String>,
    recurring_file: Option<PathBuf>,
    time_zone: Option<String>,
}

impl Target {
    pub(crate) fn new(args: &GlobalArgs) -> Self {
        Self {
            url: args.url.clone(),
            file: args.config.clone().or_else(file_variable),
            environment: args.environment.clone(),
            recurring_file: args.recurring_file.clone(),
            time_zone: args.zone.clone(),
        }
    }

    /// Reads the configuration. `--url` and then `JOBS_URL` replace its store. Without a file it has the defaults; a file
    /// that was named must exist.
    pub(crate) fn config(&self) -> Result<Config, Error> {
        let default = Path::new("config/jobs.yml");
        let file = self.file.as_deref().or_else(|| default.exists().then_some(default));
        let mut config = match (file, &self.environment) {
            (Some(file), Some(environment)) => Config::read_for(file, environment)?,
            (Some(file), None) => Config::read(file)?,
            (None, environment) => without_file(environment.clone())?,
        };
        match self.recurring_file.clone().or_else(|| file.and_then(recurring_file_beside)) {
            Some(recurring) => config.read_recurring(recurring)?,
            None => config.warnings.extend(file.and_then(schedule_file_beside)),
        }
        // With a file, `Config` has already applied `JOBS_TIME_ZONE`.
        let of_variable = if file.is_none() { variable("JOBS_TIME_ZONE")? } else { None };
        if let Some(zone) = self.time_zone.clone().or(of_variable) {
            config.set_time_zone(&zone)?;
        }
        // With a file, `Config` has already applied `JOBS_URL`.
        config.store = match self.url.clone().or(config.store) {
            Some(url) => Some(url),
            None => variable("JOBS_URL")?,
        };
        Ok(config)
    }

    /// The URL of the store. The configuration is read only if neither `--url` nor `JOBS_URL` is given.
    fn store_url(&self) -> Result<String, Error> {
        if let Some(url) = &self.url {
            return Ok(url.clone());
        }
        match variable("JOBS_URL")? {
            Some(url) => Ok(url),
            None => configured_url(&self.config()?),
        }
    }

    /// Opens the store without migrating it.
    pub(crate) async fn open(&self) -> Result<OpenStore, Error> {
        OpenStore::open(&self.store_url()?).await
    }

    /// Opens the store of a configuration that was read before, without migrating it.
    pub(crate) async fn open_configured(config: &Config) -> Result<OpenStore, Error> {
        OpenStore::open(&configured_url(config)?).await
    }

    /// Creates the tables of the store, or brings them up to date.
    pub(crate) async fn migrate(&self) -> Result<SchemaStatus, Error> {
        connect(&self.store_url()?).await.map(|store| store.schema_status())
    }
}

/// The default configuration, with a warning for each file of a Ruby project that is not read.
fn without_file(environment: Option<String>) -> Result<Config, Error> {
    let mut config = Config::default();
    let environment = if environment.is_some() { environment } else { variable("JOBS_ENV")? };
    config.environment = environment.unwrap_or(config.environment);
    let existing = RUBY_FILES.into_iter().filter(|file| Path::new(file).exists());
    config.warnings = existing.map(|file| format!("`{file}` is not read: name it with `-C {file}`")).collect();
    Ok(config)
}

/// The file of recurring jobs that Solid Queue would read: the one beside its `queue.yml`.
fn recurring_file_beside(file: &Path) -> Option<PathBuf> {
    let is_solid_queue = ["queue.yml", "solid_queue.yml"].iter().any(|name| file.ends_with(name));
    let recurring = file.with_file_name("recurring.yml");
    (is_solid_queue && recurring.exists()).then_some(recurring)
}

/// The warning about the file that sidekiq-cron would read: the one beside a `sidekiq.yml`.
fn schedule_file_beside(file: &Path) -> Option<String> {
    let schedule = file.with_file_name("schedule.yml");
    let is_there = file.ends_with("sidekiq.yml") && schedule.exists();
    let schedule = schedule.display();
    is_there.then(|| format!("`{schedule}` is not read: name it with `--recurring-file {schedule}`"))
}

fn configured_url(config: &Config) -> Result<String, Error> {
    config.store.clone().ok_or_else(|| {
        Error::invalid(
            "no store is configured: name it with `--url sqlite:jobs.db`, with the environment variable `JOBS_URL`, or \
             as `store` in `config/jobs.yml`",
        )
    })
}

/// The file that `JOBS_CONFIG` names. A path need not be Unicode.
fn file_variable() -> Option<PathBuf> {
    std::env::var_os("JOBS_CONFIG").filter(|path| !path.is_empty()).map(PathBuf::from)
}

/// The value of an environment variable; an empty one counts as not set.
///
/// # Errors
/// The value is not Unicode. If it counted as not set, the command would act on another store.
fn variable(name: &str) -> Result<Option<String>, Error> {
    match std::env::var(name) {
        Ok(value) => Ok(Some(value).filter(|value| !value.is_empty())),
        Err(VarError::NotPresent) => Ok(None),
        Err(VarError::NotUnicode(_)) => Err(Error::invalid(format!("the value of `{name}` is not valid Unicode"))),
    }
}
