//! Reads options from a URL, `postgres://user:password@host:port/database?option=value&..`.

mod address;

use std::path::PathBuf;
use std::time::Duration;

use jobs_core::{Error, url};
use tokio_postgres::Config;

use crate::PostgresOptions;
use crate::connection::tls::Trust;

/// The options of this library.
const OURS: [&str; 6] = ["schema", "listen", "prepare", "call_timeout", "vacuum_after", "sslrootcert"];

/// The options of the driver.
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

/// What is said of an unknown option.
const OPTION: &str = "an option of the PostgreSQL store (in a password `%3F` stands for `?`, `%26` for `&`)";

const MODES: [&str; 5] = ["disable", "prefer", "require", "verify-ca", "verify-full"];

impl PostgresOptions {
    /// Options from a URL: `postgres://user:password@host:5432/database?sslmode=verify-full&schema=jobs`.
    ///
    /// Options of this library: `schema` (where the tables are, `jobs` if not set), `listen` (`on`, `off`), `prepare`
    /// (`on`, `off`), `call_timeout` (as `500ms`, `30s`, `2m`), `vacuum_after` (a number of jobs), `sslrootcert` (a PEM
    /// file of the authorities to trust). All others are those of `PostgreSQL` itself, as `sslmode`, `connect_timeout`
    /// or `application_name`.
    ///
    /// # Errors
    /// The URL is not of this form. The error says what is wrong and which options there are.
    pub fn from_url(text: &str) -> Result<Self, Error> {
        parse(text)
    }
}

fn parse(text: &str) -> Result<PostgresOptions, Error> {
    let scheme = url::split(text).filter(|(scheme, _)| ["postgres", "postgresql"].contains(&scheme.as_str()));
    let Some(rest) = scheme.and_then(|(_, rest)| rest.strip_prefix("//")) else {
        return Err(Error::invalid(
            "this is not the URL of a PostgreSQL store; write `postgres://user:password@host:5432/database`",
        ));
    };
    let (address, query) = rest.split_once('?').unwrap_or((rest, ""));
    address::check(address)?;
    let known = [&OURS[..], &DRIVERS].concat();
    let (mut ours, mut drivers) = (Vec::new(), Vec::new());
    for (key, value) in url::known_options(query, "postgres:..", OPTION, &known)? {
        match key {
            "sslmode" => {
                drivers.push(format!("sslmode={}", driver_mode(value)?));
                ours.push((key, value));
            }
            key if OURS.contains(&key) => ours.push((key, value)),
            // The driver would take all that is before an `@` for user and password.
            key => drivers.push(format!("{key}={}", value.replace('@', "%40"))),
        }
    }
    let config = config(&format!("postgres://{address}?{}", drivers.join("&")))?;
    ours.into_iter().try_fold(PostgresOptions::new(config), |options, (key, value)| apply(options, key, value))
}

fn config(text: &str) -> Result<Config, Error> {
    let mut config: Config = text.trim_end_matches('?').parse().map_err(|cause: tokio_postgres::Error| {
        // Of what the driver says only the name of an option is shown. The rest may quote the URL.
        let problem = std::error::Error::source(&cause).map(ToString::to_string);
        let problem = problem.filter(|text| text.starts_with("invalid value for option `"));
        let problem = problem.as_deref().unwrap_or("it has a part that is not UTF-8 or is incomplete");
        Error::invalid(format!(
            "this is not a URL of PostgreSQL: {problem}; write `postgres://user:password@host:5432/database`"
        ))
    })?;
    if config.get_hosts().is_empty() && config.get_hostaddrs().is_empty() {
        config.host("localhost");
    }
    // The driver's default is two hours. With these the client notices within half a minute that the server is gone.
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

/// The driver only decides whether to encrypt; this library checks the certificate.
fn driver_mode(value: &str) -> Result<&str, Error> {
    match value {
        "verify-ca" | "verify-full" => Ok("require"),
        mode if MODES.contains(&mode) => Ok(mode),
        other => Err(url::unknown("a value of `sslmode`", other, &MODES)),
    }
}

fn apply(mut options: PostgresOptions, key: &str, value: &str) -> Result<PostgresOptions, Error> {
    match key {
        "schema" => Ok(options.schema(url::decode(value)?)),
        "listen" => Ok(options.listen(switch(key, value)?)),
        "prepare" => Ok(options.prepare(switch(key, value)?)),
        "call_timeout" => Ok(options.call_timeout(call_timeout(key, value)?)),
        "vacuum_after" => Ok(options.vacuum_after(count(key, value)?)),
        "sslrootcert" => {
            options.root_certificates = Some(PathBuf::from(url::decode(value)?));
            Ok(options)
        }
        _ => {
            options.trust = match value {
                "verify-full" => Trust::Full,
                "verify-ca" => Trust::Authority,
                _ => Trust::Unchecked,
            };
            Ok(options)
        }
    }
}

fn switch(key: &str, value: &str) -> Result<bool, Error> {
    match value {
        "on" => Ok(true),
        "off" => Ok(false),
        _ => Err(url::unknown(&format!("a value of `{key}`"), value, &["on", "off"])),
    }
}

fn count(key: &str, value: &str) -> Result<u64, Error> {
    value.parse().map_err(|_| {
        Error::invalid(format!(
            "the value of `{key}` is not a number of jobs; write it as `200000`, or as `0` for never"
        ))
    })
}

fn call_timeout(key: &str, value: &str) -> Result<Duration, Error> {
    let timeout = url::duration(key, value)?;
    if timeout.is_zero() {
        return Err(Error::invalid(format!("`{key}={value}` would end each call before it begins; write it as `30s`")));
    }
    Ok(timeout)
}
