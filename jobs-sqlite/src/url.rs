//! Reads options from a URL, `sqlite:path?option=value&..`.

use jobs_core::spelling::unknown;
use jobs_core::{Error, url};

use crate::{SqliteOptions, Synchronous, path};

const OPTIONS: [&str; 4] = ["synchronous", "busy_timeout", "max_size", "create"];

impl SqliteOptions {
    /// Options from a URL: `sqlite:jobs.db`, `sqlite:/var/lib/shop/jobs.db?synchronous=full&busy_timeout=10s`.
    ///
    /// Options: `synchronous` (`normal`, `full`), `busy_timeout` (as `500ms`, `10s`, `2m`), `max_size` (as `64MB`,
    /// `2GB`), `create` (`yes`, `no`). In the path `%20` stands for a space, `%3F` for `?`, `%25` for `%`.
    ///
    /// # Errors
    /// The URL is not of this form. The error says what is wrong and which options there are.
    pub fn from_url(text: &str) -> Result<Self, Error> {
        parse(text)
    }
}

fn parse(text: &str) -> Result<SqliteOptions, Error> {
    let Some(rest) = text.strip_prefix("sqlite:") else {
        return Err(Error::invalid(format!("`{text}` is not the URL of an SQLite store; write `sqlite:jobs.db`")));
    };
    let rest = rest.strip_prefix("//").unwrap_or(rest);
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
    let path = url::decode(path)?;
    path::check_form(path.as_ref())?;
    let options = url::options(query, text)?;
    options.into_iter().try_fold(SqliteOptions::new(path), |options, (key, value)| apply(options, key, value))
}

fn apply(options: SqliteOptions, key: &str, value: &str) -> Result<SqliteOptions, Error> {
    match key {
        "synchronous" => Ok(options.synchronous(synchronous(value)?)),
        "busy_timeout" => Ok(options.busy_timeout(url::duration(key, value)?)),
        "max_size" => Ok(options.max_size(url::size(key, value)?)),
        "create" => Ok(options.create(create(value)?)),
        _ => Err(unknown("an option of the SQLite store", key, &OPTIONS)),
    }
}

fn create(value: &str) -> Result<bool, Error> {
    match value {
        "yes" => Ok(true),
        "no" => Ok(false),
        _ => Err(unknown("a value of `create`", value, &["yes", "no"])),
    }
}

fn synchronous(value: &str) -> Result<Synchronous, Error> {
    match value {
        "normal" => Ok(Synchronous::Normal),
        "full" => Ok(Synchronous::Full),
        _ => Err(unknown("a value of `synchronous`", value, &["normal", "full"])),
    }
}
