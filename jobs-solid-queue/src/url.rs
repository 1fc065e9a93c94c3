//! Reads options from a URL, `solid_queue+postgres://host/database?option=value&..`.

use jobs_active_job::Rails;
use jobs_core::{Error, url};
use jobs_sql::{is_yes, split_url};

use crate::SolidQueueOptions;

/// The schemes of the URLs of this store. What follows the `+` is the scheme of the driver.
pub(crate) const SCHEMES: [&str; 4] =
    ["solid_queue+postgres", "solid_queue+postgresql", "solid_queue+mysql", "solid_queue+sqlite"];

const PREFIX: &str = "solid_queue+";

const OPTIONS: [&str; 5] = ["create_tables", "names", "polling_interval", "preserve_finished_jobs", "rails"];

impl SolidQueueOptions {
    /// Options from a URL: that of the database of Solid Queue, with `solid_queue+` in front, as
    /// `solid_queue+postgres://user:password@host/database`, `solid_queue+mysql://..` or `solid_queue+sqlite:path`.
    ///
    /// Options: `names` (`same` or `ruby`, see [`ruby_names`](Self::ruby_names)), `create_tables` (`no` or `yes`),
    /// `polling_interval` (as `100ms`), `preserve_finished_jobs` (`yes` or `no`) and `rails` (as `8.0`). Other options are those of the driver, as
    /// `sslmode`; a file of SQLite has none.
    ///
    /// # Errors
    /// The URL is not of this form, or an option is unknown. The error says what is wrong, and shows no password.
    pub fn from_url(text: &str) -> Result<Self, Error> {
        let found = url::split(text).filter(|(scheme, _)| SCHEMES.contains(&scheme.as_str()));
        let Some((scheme, rest)) = found else {
            return Err(Error::invalid(
                "this is not the URL of a store on Solid Queue's tables; write `solid_queue+postgres://user:password@host/database`, \
                 `solid_queue+mysql://..` or `solid_queue+sqlite:path/to/file.sqlite3`",
            ));
        };
        let driver = scheme.trim_start_matches(PREFIX);
        let (target, ours) =
            split_url((driver, rest), &url::shown(text), "an option of the store on Solid Queue's tables", &OPTIONS)?;
        ours.into_iter().try_fold(Self::new(target), |options, (key, value)| apply(options, key, value))
    }
}

fn apply(options: SolidQueueOptions, key: &str, value: &str) -> Result<SolidQueueOptions, Error> {
    match key {
        "names" => match value {
            "same" => Ok(options),
            "ruby" => Ok(options.ruby_names()),
            _ => Err(url::unknown("a value of `names`", value, &["same", "ruby"])),
        },
        "create_tables" => Ok(options.create_tables(is_yes(key, value)?)),
        "polling_interval" => Ok(options.polling_interval(url::duration(key, value)?)),
        "preserve_finished_jobs" => Ok(options.preserve_finished_jobs(is_yes(key, value)?)),
        _ => Rails::of_version(value)
            .map(|rails| options.rails(rails))
            .ok_or_else(|| Error::invalid("`rails` is not a release of Rails from 6.1 on; write it as `rails=8.0`")),
    }
}
