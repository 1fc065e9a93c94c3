//! Reads options from a URL, `sidekiq+redis://host:port/database?option=value&..`.

use jobs_core::{Error, Schedule, url};
use redis::Client;

use crate::payload::Version;
use crate::{Rails, SidekiqOptions};

/// The scheme of the URLs of this store, and that of encrypted connections.
pub(crate) const SCHEME: &str = "sidekiq+redis";
pub(crate) const TLS_SCHEME: &str = "sidekiq+rediss";

const OPTIONS: [&str; 14] = [
    "names",
    "version",
    "rails",
    "namespace",
    "dead_max_jobs",
    "dead_timeout",
    "batches",
    "jobs",
    "retry",
    "embedded",
    "cron",
    "cron_namespaces",
    "cron_zone",
    "cron_grace",
];
const KIND: &str = "an option of the store on Sidekiq's Redis";

impl SidekiqOptions {
    /// Options from a URL, `sidekiq+redis://user:password@host:port/database?option=value&..`. With `sidekiq+rediss:` the
    /// connection is encrypted, and the server's certificate has to be one that this machine trusts; the environment variable
    /// `SSL_CERT_FILE` names a file with others.
    ///
    /// Options: `names` (`same` or `ruby`, see [`ruby_names`](Self::ruby_names)), `version` (the oldest
    /// version of Sidekiq in the fleet, as `7.3`; by default that of the processes that are alive), `rails` (as `7.2`, see
    /// [`rails`](Self::rails)), `namespace`, `dead_max_jobs`, `dead_timeout` (as `180d`),
    /// `batches` (`no` or `yes`), `jobs` (`sidekiq` or `active_job`, see [`write_active_jobs`](Self::write_active_jobs)),
    /// `retry` (`true` or `class`, see [`retries_of_class`](Self::retries_of_class)),
    /// `embedded` (`no` or `yes`), `cron` (`show` or `serve`, see [`serve_cron`](Self::serve_cron)), `cron_namespaces` (as
    /// `default,reports`), `cron_zone` (as `Europe/Berlin`, see [`cron_zone`](Self::cron_zone)) and `cron_grace` (as `10m`, see
    /// [`cron_grace`](Self::cron_grace)).
    ///
    /// # Errors
    /// The URL is not of this form. The error says what is wrong and which options there are, and shows no password.
    pub fn from_url(text: &str) -> Result<Self, Error> {
        parse(text)
    }
}

fn parse(text: &str) -> Result<SidekiqOptions, Error> {
    let is_ours = |scheme: &str| [SCHEME, TLS_SCHEME].contains(&scheme);
    let Some((scheme, rest)) = url::split(text).filter(|(scheme, _)| is_ours(scheme)) else {
        let form = "this is not the URL of a store on Sidekiq's Redis; write `sidekiq+redis://127.0.0.1:6379/0`";
        return Err(Error::invalid(form));
    };
    let (address, query) = rest.split_once('?').unwrap_or((rest, ""));
    // The error of the driver may show a part of the URL.
    let scheme = scheme.trim_start_matches("sidekiq+");
    let client = Client::open(format!("{scheme}:{address}")).map_err(|_secret| {
        let form = "write `sidekiq+redis://user:password@host:port/database`, where the database is a number";
        Error::invalid(format!(
            "the address in `{SCHEME}:..` cannot be read; {form} (in a password `%40` stands for `@`)"
        ))
    })?;
    let options = url::known_options(query, &url::shown(text), KIND, &OPTIONS)?;
    options.into_iter().try_fold(SidekiqOptions::new(client), |options, (key, value)| apply(options, key, value))
}

fn apply(options: SidekiqOptions, key: &str, value: &str) -> Result<SidekiqOptions, Error> {
    match key {
        "names" => match value {
            "same" => Ok(options),
            "ruby" => Ok(options.ruby_names()),
            _ => Err(url::unknown("a value of `names`", value, &["same", "ruby"])),
        },
        "version" => Version::parse(value)
            .map(|version| options.version(version))
            .ok_or_else(|| Error::invalid("`version` is not a version of Sidekiq; write it as `version=7.3`")),
        "rails" => Rails::of_version(value)
            .map(|rails| options.rails(rails))
            .ok_or_else(|| Error::invalid("`rails` is not a release of Rails from 6.1 on; write it as `rails=7.2`")),
        "namespace" => Ok(options.namespace(url::decode(value)?)),
        "dead_max_jobs" => match value.parse() {
            Ok(most @ 2..) => Ok(options.dead_max_jobs(most)),
            _ => Err(Error::invalid(
                "`dead_max_jobs` is not a number from 2 on, and fewer jobs than it are kept; write it as `dead_max_jobs=10000`",
            )),
        },
        "dead_timeout" => Ok(options.dead_timeout(url::duration(key, value)?)),
        "batches" => match value {
            "yes" => Ok(options.perform_batches(true)),
            "no" => Ok(options.perform_batches(false)),
            _ => Err(url::unknown("a value of `batches`", value, &["yes", "no"])),
        },
        "jobs" => match value {
            "sidekiq" => Ok(options.write_active_jobs(false)),
            "active_job" => Ok(options.write_active_jobs(true)),
            _ => Err(url::unknown("a value of `jobs`", value, &["sidekiq", "active_job"])),
        },
        "retry" => match value {
            "true" => Ok(options.retries_of_class(false)),
            "class" => Ok(options.retries_of_class(true)),
            _ => Err(url::unknown("a value of `retry`", value, &["true", "class"])),
        },
        "embedded" => match value {
            "yes" => Ok(options.embedded(true)),
            "no" => Ok(options.embedded(false)),
            _ => Err(url::unknown("a value of `embedded`", value, &["yes", "no"])),
        },
        _ => apply_cron(options, key, value),
    }
}

/// The options that are about the recurring jobs of Ruby.
fn apply_cron(options: SidekiqOptions, key: &str, value: &str) -> Result<SidekiqOptions, Error> {
    match (key, value) {
        ("cron", "show") => Ok(options.serve_cron(false)),
        ("cron", "serve") => Ok(options.serve_cron(true)),
        ("cron", _) => Err(url::unknown("a value of `cron`", value, &["show", "serve"])),
        ("cron_namespaces", _) => {
            let names = url::decode(value)?;
            Ok(options.cron_namespaces(names.split(',').filter(|name| !name.is_empty())))
        }
        ("cron_grace", _) => Ok(options.cron_grace(url::duration(key, value)?)),
        ("cron_zone", _) => {
            let zone = url::decode(value)?;
            Schedule::parse("@daily", Some(&zone)).map_err(|error| Error::invalid(format!("`cron_zone`: {error}")))?;
            Ok(options.cron_zone(zone))
        }
        _ => Err(url::unknown(KIND, key, &OPTIONS)),
    }
}
