//! `postgres://user:password@host:port/database?option=value&..`

use std::path::PathBuf;
use std::time::Duration;

use jobs_core::spelling::unknown;
use jobs_core::{Error, url};
use tokio_postgres::Config;

use crate::PostgresOptions;
use crate::tls::Trust;

/// What this library takes for itself.
const OURS: [&str; 6] = ["schema", "listen", "prepare", "patience", "vacuum_after", "sslrootcert"];

/// What the driver knows.
const DRIVERS: [&str; 19] = [
    "sslmode",
    "connect_timeout",
    "application_name",
    "options",
    "user",
    "password",
    "dbname",
    "host",
    "hostaddr",
    "port",
    "target_session_attrs",
    "sslnegotiation",
    "channel_binding",
    "load_balance_hosts",
    "tcp_user_timeout",
    "keepalives",
    "keepalives_idle",
    "keepalives_interval",
    "keepalives_retries",
];

const MODES: [&str; 5] = ["disable", "prefer", "require", "verify-ca", "verify-full"];

pub(crate) fn parse(text: &str) -> Result<PostgresOptions, Error> {
    let shown = without_password(text);
    if !["postgres://", "postgresql://"].iter().any(|scheme| text.starts_with(scheme)) {
        return Err(Error::invalid(format!(
            "`{shown}` is not the URL of a PostgreSQL store; write `postgres://user:password@host:5432/database`"
        )));
    }
    let (place, query) = text.split_once('?').unwrap_or((text, ""));
    let (mut ours, mut left) = (Vec::new(), Vec::new());
    for (key, value) in url::options(query, &shown)? {
        match key {
            "sslmode" => {
                left.push(format!("sslmode={}", driver_mode(value)?));
                ours.push((key, value));
            }
            key if OURS.contains(&key) => ours.push((key, value)),
            key if DRIVERS.contains(&key) => left.push(format!("{key}={value}")),
            key => return Err(unknown("an option of the PostgreSQL store", key, &[&OURS[..], &DRIVERS].concat())),
        }
    }
    let config = config(&format!("{place}?{}", left.join("&")), &shown)?;
    ours.into_iter().try_fold(PostgresOptions::new(config), |options, (key, value)| apply(options, key, value))
}

fn config(text: &str, shown: &str) -> Result<Config, Error> {
    let mut config: Config = text.trim_end_matches('?').parse().map_err(|cause: tokio_postgres::Error| {
        let words = std::error::Error::source(&cause).map_or_else(|| cause.to_string(), ToString::to_string);
        Error::invalid(format!("`{shown}` is not a URL of PostgreSQL: {words}")).with_source(cause)
    })?;
    if config.get_hosts().is_empty() && config.get_hostaddrs().is_empty() {
        config.host("localhost");
    }
    // A server that vanished without a word is noticed within half a minute, not after the two hours of TCP.
    if config.get_keepalives_idle() > Duration::from_secs(3600) {
        config
            .keepalives_idle(Duration::from_secs(10))
            .keepalives_interval(Duration::from_secs(5))
            .keepalives_retries(3);
    }
    if config.get_tcp_user_timeout().is_none() {
        config.tcp_user_timeout(Duration::from_secs(25));
    }
    Ok(config)
}

/// The driver encrypts or does not; how far it trusts is ours.
fn driver_mode(value: &str) -> Result<&str, Error> {
    match value {
        "verify-ca" | "verify-full" => Ok("require"),
        mode if MODES.contains(&mode) => Ok(mode),
        other => Err(unknown("a value of `sslmode`", other, &MODES)),
    }
}

fn apply(mut options: PostgresOptions, key: &str, value: &str) -> Result<PostgresOptions, Error> {
    match key {
        "schema" => Ok(options.schema(url::decode(value)?)),
        "listen" => Ok(options.listen(switch(key, value)?)),
        "prepare" => Ok(options.prepare(switch(key, value)?)),
        "patience" => Ok(options.patience(patience(key, value)?)),
        "vacuum_after" => Ok(options.vacuum_after(count(key, value)?)),
        "sslrootcert" => {
            options.root_certificates = Some(PathBuf::from(url::decode(value)?));
            Ok(options)
        }
        _ => {
            options.trust = match value {
                "verify-full" => Trust::Full,
                "verify-ca" => Trust::Authority,
                _ => Trust::Blind,
            };
            Ok(options)
        }
    }
}

fn switch(key: &str, value: &str) -> Result<bool, Error> {
    match value {
        "on" => Ok(true),
        "off" => Ok(false),
        _ => Err(unknown(&format!("a value of `{key}`"), value, &["on", "off"])),
    }
}

fn count(key: &str, value: &str) -> Result<u64, Error> {
    let jobs = value.parse();
    jobs.map_err(|cause| {
        Error::invalid(format!("`{key}={value}` is no number of jobs; write it as `200000`, or as `0` for never"))
            .with_source(cause)
    })
}

fn patience(key: &str, value: &str) -> Result<Duration, Error> {
    let patience = url::duration(key, value)?;
    if patience.is_zero() {
        return Err(Error::invalid(format!("`{key}={value}` would give up before it begins; write it as `30s`")));
    }
    Ok(patience)
}

/// A URL as it may be shown.
fn without_password(text: &str) -> String {
    let Some((scheme, rest)) = text.split_once("://") else { return text.to_owned() };
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    let (place, path) = rest.split_at(end);
    let Some((who, host)) = place.rsplit_once('@') else { return text.to_owned() };
    let user = who.split(':').next().unwrap_or_default();
    let path = path.split_once("password=").map_or(path, |(before, _)| before);
    format!("{scheme}://{user}:…@{host}{path}")
}
