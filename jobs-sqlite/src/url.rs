//! Reads options from a URL, `sqlite:path?option=value&..`.

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
    let Some((_, rest)) = url::split(text).filter(|(scheme, _)| scheme == "sqlite") else {
        return Err(Error::invalid("this is not the URL of an SQLite store; write `sqlite:jobs.db`"));
    };
    let rest = rest.strip_prefix("//").unwrap_or(rest);
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
    has_no_login(path)?;
    let path = url::decode(path)?;
    path::check_form(path.as_ref())?;
    let options = url::known_options(query, &url::shown(text), "an option of the SQLite store", &OPTIONS)?;
    options.into_iter().try_fold(SqliteOptions::new(path), |options, (key, value)| apply(options, key, value))
}

/// Refuses the address of a server: an error about the file would show the password in it.
fn has_no_login(path: &str) -> Result<(), Error> {
    let login = path.split_once('@').is_some_and(|(before, _)| before.contains(':'));
    if login || path.contains("://") || path.to_ascii_lowercase().contains("password=") {
        return Err(Error::invalid(
            "the URL `sqlite:..` has the address of a server or a password where the path of a file belongs; write \
             `sqlite:jobs.db` (in a path `%40` stands for `@`, `%3A` for `:`, `%3D` for `=`)",
        ));
    }
    Ok(())
}

fn apply(options: SqliteOptions, key: &str, value: &str) -> Result<SqliteOptions, Error> {
    match key {
        "synchronous" => Ok(options.synchronous(synchronous(value)?)),
        "busy_timeout" => Ok(options.busy_timeout(url::duration(key, value)?)),
        "max_size" => Ok(options.max_size(url::size(key, value)?)),
        "create" => Ok(options.create(create(value)?)),
        _ => Err(url::unknown("an option of the SQLite store", key, &OPTIONS)),
    }
}

fn create(value: &str) -> Result<bool, Error> {
    match value {
        "yes" => Ok(true),
        "no" => Ok(false),
        _ => Err(url::unknown("a value of `create`", value, &["yes", "no"])),
    }
}

fn synchronous(value: &str) -> Result<Synchronous, Error> {
    match value {
        "normal" => Ok(Synchronous::Normal),
        "full" => Ok(Synchronous::Full),
        _ => Err(url::unknown("a value of `synchronous`", value, &["normal", "full"])),
    }
}
