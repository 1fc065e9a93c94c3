//! Where to look: the configuration, and the store that it, the environment or the command line names.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use jobs::{
    Clock, Config, Error, Inspect, JobId, JobRecord, Manage, Registry, Standing, Store, StoreExt, SystemClock,
    Timestamp, connect, connect_as_it_is,
};

use crate::arguments::Common;
use crate::output::warn;

/// What the command line says of where to look.
pub(crate) struct Place {
    url: Option<String>,
    file: Option<PathBuf>,
    environment: Option<String>,
    recurring: Option<PathBuf>,
}

impl Place {
    pub(crate) fn new(common: &Common) -> Self {
        Self {
            url: common.url.clone(),
            file: common.config.clone().or_else(|| given("JOBS_CONFIG").map(PathBuf::from)),
            environment: common.environment.clone(),
            recurring: common.recurring_file.clone(),
        }
    }

    /// The configuration, with the store that comes first. Without a file it has the defaults, unless one was named.
    pub(crate) fn config(&self) -> Result<Config, Error> {
        let usual = Path::new("config/jobs.yml");
        let file = self.file.as_deref().or_else(|| usual.exists().then_some(usual));
        let mut config = match (file, &self.environment) {
            (Some(file), Some(environment)) => Config::read_for(file, environment)?,
            (Some(file), None) => Config::read(file)?,
            (None, environment) => without_file(environment.clone()),
        };
        if let Some(recurring) = self.recurring.clone().or_else(|| file.and_then(beside)) {
            config.read_recurring(recurring)?;
        }
        // A file has looked for the variable itself.
        config.store = self.url.clone().or(config.store).or_else(variable);
        Ok(config)
    }

    /// The URL of the store. The configuration is not read if another one comes first.
    fn store(&self) -> Result<String, Error> {
        match self.url.clone().or_else(variable) {
            Some(url) => Ok(url),
            None => named(&self.config()?),
        }
    }

    /// The store, open, as it is: a look changes no schema, and a mistaken path makes no new file.
    pub(crate) async fn open(&self) -> Result<Scene, Error> {
        Scene::open(&self.store()?).await
    }

    /// The store with a schema that is up to date, made if it is not there.
    pub(crate) async fn migrate(&self) -> Result<Standing, Error> {
        connect(&self.store()?).await.map(|store| store.standing())
    }
}

/// The files that Ruby's programs read without being told.
const OF_RUBY: [&str; 2] = ["config/queue.yml", "config/sidekiq.yml"];

/// The defaults. Whoever comes with Ruby's files is told that none of them counts.
fn without_file(environment: Option<String>) -> Config {
    let mut config = Config::default();
    let environment = environment.or_else(|| given("JOBS_ENV"));
    config.environment = environment.unwrap_or(config.environment);
    let there = OF_RUBY.into_iter().filter(|file| Path::new(file).exists());
    config.warnings = there.map(|file| format!("`{file}` is not read: name it with `-C {file}`")).collect();
    config
}

/// The recurring jobs that Solid Queue would find: those beside its `queue.yml`.
fn beside(file: &Path) -> Option<PathBuf> {
    let is_of_solid_queue = ["queue.yml", "solid_queue.yml"].map(|name| file.ends_with(name)).contains(&true);
    let recurring = file.with_file_name("recurring.yml");
    (is_of_solid_queue && recurring.exists()).then_some(recurring)
}

fn named(config: &Config) -> Result<String, Error> {
    config.store.clone().ok_or_else(|| {
        Error::invalid(
            "no store is named: say it with `--url sqlite:jobs.db`, in the environment as `JOBS_URL`, or as `store` in \
             `config/jobs.yml`",
        )
    })
}

fn variable() -> Option<String> {
    given("JOBS_URL")
}

/// A variable that is set to something.
fn given(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// What a look says if the tables are newer than this program, and let it go on.
pub(crate) const NEWER: &str =
    "the tables are those of a newer program; this one goes on with them and leaves them as they are";

/// A store with what this program knows of the jobs in it.
pub(crate) struct Scene {
    pub(crate) store: Arc<dyn Store>,
    registry: Option<Registry>,
    /// The time of this machine when the store was opened.
    pub(crate) now: Timestamp,
}

impl Scene {
    async fn open(url: &str) -> Result<Self, Error> {
        let store = connect_as_it_is(url).await?;
        if store.standing() == Standing::Newer {
            warn(&[NEWER.to_owned()]);
        }
        // A program without jobs is no mistake here: it only knows less of what it shows.
        Ok(Self { store, registry: Registry::collect().ok(), now: SystemClock.now() })
    }

    /// The store of a configuration that was read, as it is.
    pub(crate) async fn of(config: &Config) -> Result<Self, Error> {
        Self::open(&named(config)?).await
    }

    pub(crate) fn inspect(&self) -> Result<&dyn Inspect, Error> {
        self.store.looking()
    }

    pub(crate) fn manage(&self) -> Result<&dyn Manage, Error> {
        self.store.acting()
    }

    /// The job, or an error that it is not there.
    pub(crate) async fn find(&self, id: JobId) -> Result<JobRecord, Error> {
        let found = self.inspect()?.find(id).await?;
        found.ok_or_else(|| Error::invalid(format!("there is no job {id}: it never was, or has been forgotten")))
    }

    /// The arguments as they may be shown; `None` if this program does not know what is secret in them.
    pub(crate) fn shown_arguments(&self, job: &JobRecord) -> Option<String> {
        let known = self.registry.as_ref()?.find(&job.name)?;
        Some(known.definition.settings().shown_arguments(&job.arguments))
    }
}
