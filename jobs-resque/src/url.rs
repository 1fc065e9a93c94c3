//! Reads options from a URL, `resque+redis://host:port/database?option=value&..`.

use jobs_active_job::Rails;
use jobs_core::{Error, url};
use jobs_redis::redis::Client;

use crate::ResqueOptions;

/// The scheme of the URLs of this store, and that of encrypted connections.
pub(crate) const SCHEME: &str = "resque+redis";
pub(crate) const TLS_SCHEME: &str = "resque+rediss";

const OPTIONS: [&str; 5] = ["namespace", "names", "jobs", "rails", "failures"];
const KIND: &str = "an option of the store on Resque's Redis";

impl ResqueOptions {
    /// Options from a URL, `resque+redis://user:password@host:port/database?option=value&..`. With `resque+rediss:` the
    /// connection is encrypted, and the server's certificate has to be one that this machine trusts; the environment variable
    /// `SSL_CERT_FILE` names a file with others.
    ///
    /// Options: `namespace` (by default `resque`), `names` (`same` or `ruby`, see [`ruby_names`](Self::ruby_names)), `jobs`
    /// (`resque` or `active_job`, see [`write_active_jobs`](Self::write_active_jobs)), `rails` (as `7.2`, see
    /// [`rails`](Self::rails)) and `failures` (`together` or `by_queue`, see [`failures_by_queue`](Self::failures_by_queue)).
    ///
    /// # Errors
    /// The URL is not of this form. The error says what is wrong and which options there are, and shows no password.
    pub fn from_url(text: &str) -> Result<Self, Error> {
        parse(text)
    }
}

fn parse(text: &str) -> Result<ResqueOptions, Error> {
    let is_ours = |scheme: &str| [SCHEME, TLS_SCHEME].contains(&scheme);
    let Some((scheme, rest)) = url::split(text).filter(|(scheme, _)| is_ours(scheme)) else {
        let form = "this is not the URL of a store on Resque's Redis; write `resque+redis://127.0.0.1:6379/0`";
        return Err(Error::invalid(form));
    };
    let (address, query) = rest.split_once('?').unwrap_or((rest, ""));
    // The error of the driver may show a part of the URL.
    let scheme = scheme.trim_start_matches("resque+");
    let client = Client::open(format!("{scheme}:{address}")).map_err(|_secret| {
        let form = "write `resque+redis://user:password@host:port/database`, where the database is a number";
        Error::invalid(format!(
            "the address in `{SCHEME}:..` cannot be read; {form} (in a password `%40` stands for `@`)"
        ))
    })?;
    let options = url::known_options(query, &url::shown(text), KIND, &OPTIONS)?;
    options.into_iter().try_fold(ResqueOptions::new(client), |options, (key, value)| apply(options, key, value))
}

fn apply(options: ResqueOptions, key: &str, value: &str) -> Result<ResqueOptions, Error> {
    match (key, value) {
        ("namespace", "") => Err(Error::invalid("`namespace` is empty; leave it out for `resque`")),
        ("namespace", _) => Ok(options.namespace(url::decode(value)?)),
        ("names", "same") => Ok(options),
        ("names", "ruby") => Ok(options.ruby_names()),
        ("names", _) => Err(url::unknown("a value of `names`", value, &["same", "ruby"])),
        ("jobs", "resque") => Ok(options.write_active_jobs(false)),
        ("jobs", "active_job") => Ok(options.write_active_jobs(true)),
        ("jobs", _) => Err(url::unknown("a value of `jobs`", value, &["resque", "active_job"])),
        ("rails", _) => Rails::of_version(value)
            .map(|rails| options.rails(rails))
            .ok_or_else(|| Error::invalid("`rails` is not a release of Rails from 6.1 on; write it as `rails=7.2`")),
        ("failures", "together") => Ok(options.failures_by_queue(false)),
        ("failures", "by_queue") => Ok(options.failures_by_queue(true)),
        ("failures", _) => Err(url::unknown("a value of `failures`", value, &["together", "by_queue"])),
        _ => Err(url::unknown(KIND, key, &OPTIONS)),
    }
}
