//! Reads options from a URL, `delayed_job+postgres://host/database?option=value&..`.

use jobs_core::{Error, url};
use jobs_sql::{is_yes, split_url};

use crate::{DelayedJobOptions, Rails};

/// The schemes of the URLs of this store. What follows the `+` is the scheme of the driver.
pub(crate) const SCHEMES: [&str; 4] =
    ["delayed_job+postgres", "delayed_job+postgresql", "delayed_job+mysql", "delayed_job+sqlite"];

const PREFIX: &str = "delayed_job+";

const OPTIONS: [&str; 8] = [
    "create_tables",
    "destroy_failed_jobs",
    "max_attempts",
    "max_run_time",
    "names",
    "polling_interval",
    "rails",
    "table",
];

impl DelayedJobOptions {
    /// Options from a URL: that of the database, with `delayed_job+` in front, as
    /// `delayed_job+postgres://user:password@host/database`, `delayed_job+mysql://..` or `delayed_job+sqlite:path`.
    ///
    /// Options: `names` (`same` or `ruby`, see [`ruby_names`](Self::ruby_names)), `table` (as `shop_delayed_jobs`), `rails` (as `7.2`),
    /// `max_attempts` (as `25`), `max_run_time` (as `4h`), `polling_interval` (as `500ms`), `destroy_failed_jobs` (`no` or `yes`) and `create_tables` (`yes` or `no`).
    /// Other options are those of the driver, as `sslmode`; a file of SQLite has none.
    ///
    /// # Errors
    /// The URL is not of this form, or an option is unknown. The error says what is wrong, and shows no password.
    pub fn from_url(text: &str) -> Result<Self, Error> {
        let found = url::split(text).filter(|(scheme, _)| SCHEMES.contains(&scheme.as_str()));
        let Some((scheme, rest)) = found else {
            return Err(Error::invalid(
                "this is not the URL of a store on Delayed Job's table; write `delayed_job+postgres://user:password@host/database`, \
                 `delayed_job+mysql://..` or `delayed_job+sqlite:path/to/file.sqlite3`",
            ));
        };
        let driver = scheme.trim_start_matches(PREFIX);
        let (target, ours) =
            split_url((driver, rest), &url::shown(text), "an option of the store on Delayed Job's table", &OPTIONS)?;
        ours.into_iter().try_fold(Self::new(target), |options, (key, value)| apply(options, key, value))
    }
}

fn apply(options: DelayedJobOptions, key: &str, value: &str) -> Result<DelayedJobOptions, Error> {
    match key {
        "names" => match value {
            "same" => Ok(options),
            "ruby" => Ok(options.ruby_names()),
            _ => Err(url::unknown("a value of `names`", value, &["same", "ruby"])),
        },
        "table" => options.table(&url::decode(value)?),
        "max_attempts" => value.parse().ok().filter(|attempts| *attempts > 0).map_or_else(
            || Err(Error::invalid("`max_attempts` is not a number from 1 on; write it as `max_attempts=25`")),
            |attempts| Ok(options.max_attempts(attempts)),
        ),
        "max_run_time" => Ok(options.max_run_time(url::duration(key, value)?)),
        "polling_interval" => Ok(options.polling_interval(url::duration(key, value)?)),
        "destroy_failed_jobs" => Ok(options.destroy_failed_jobs(is_yes(key, value)?)),
        "create_tables" => Ok(options.create_tables(is_yes(key, value)?)),
        _ => Rails::of_version(value)
            .map(|rails| options.rails(rails))
            .ok_or_else(|| Error::invalid("`rails` is not a release of Rails from 6.1 on; write it as `rails=7.2`")),
    }
}
