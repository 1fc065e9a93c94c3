//! The scheme of a store URL, and errors about URLs that show nothing of what was not understood.
//!
//! A URL that is not understood may hold a password at any place. Only a scheme is shown that is known, or that looks like
//! the name of a product, because such a text is no password.

use jobs_syntax::spelling::{is_almost, nearest};

use crate::Error;
use crate::hidden::HIDDEN;

/// The schemes of our own adapters, each with what a program needs that has no such adapter.
const OURS: &[(&str, &str)] = &[
    ("async", "add the feature `memory` of the crate `jobs`"),
    ("delayed_job+mysql", "add the feature `delayed-job` of the crate `jobs`"),
    ("delayed_job+postgres", "add the feature `delayed-job` of the crate `jobs`"),
    ("delayed_job+postgresql", "add the feature `delayed-job` of the crate `jobs`"),
    ("delayed_job+sqlite", "add the feature `delayed-job` of the crate `jobs`"),
    ("inline", "use the crate `jobs-runtime`, which knows it"),
    ("memory", "add the feature `memory` of the crate `jobs`"),
    ("postgres", "add the feature `postgres` of the crate `jobs`"),
    ("postgresql", "add the feature `postgres` of the crate `jobs`"),
    ("resque+redis", "add the feature `resque` of the crate `jobs`"),
    ("sidekiq+redis", "add the feature `sidekiq` of the crate `jobs`"),
    ("solid_queue+mysql", "add the feature `solid-queue` of the crate `jobs`"),
    ("solid_queue+postgres", "add the feature `solid-queue` of the crate `jobs`"),
    ("solid_queue+postgresql", "add the feature `solid-queue` of the crate `jobs`"),
    ("solid_queue+sqlite", "add the feature `solid-queue` of the crate `jobs`"),
    ("sqlite", "add the feature `sqlite` of the crate `jobs`"),
    ("test", "add the crate `jobs-testing`, and write `use jobs_testing as _;`"),
];

/// Schemes that people write, without a store of ours; some stand for another scheme.
const OTHERS: &[(&str, Option<&str>)] = &[
    ("amqp", None),
    ("amqps", None),
    ("file", Some("sqlite")),
    ("http", None),
    ("https", None),
    ("jdbc", None),
    ("mariadb", None),
    ("mongodb", None),
    ("mssql", None),
    ("mysql", None),
    ("mysql2", None),
    ("nats", None),
    ("pg", Some("postgres")),
    ("pgsql", Some("postgres")),
    ("postgis", Some("postgres")),
    ("psql", Some("postgres")),
    ("redis", None),
    ("rediss", None),
    ("sqlite3", Some("sqlite")),
    ("sqlserver", None),
];

/// The scheme in lower case, and the rest after the first colon. `None` if the text does not begin with a scheme, which
/// has letters, digits, `+`, `-`, `.` and `_`.
pub fn split(url: &str) -> Option<(String, &str)> {
    let (scheme, rest) = url.trim().split_once(':')?;
    let is_valid = scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme.chars().all(|one| one.is_ascii_alphanumeric() || "+-._".contains(one));
    is_valid.then(|| (scheme.to_ascii_lowercase(), rest))
}

/// A URL as it may be shown: the scheme of one of our stores, as `postgres:..`, otherwise nothing of it.
pub fn shown(url: &str) -> String {
    let scheme = split(url).map(|(scheme, _)| scheme).filter(|scheme| need(scheme).is_some());
    scheme.map_or_else(|| HIDDEN.to_owned(), |scheme| format!("{scheme}:.."))
}

/// The error for a URL that none of the adapters for the schemes in `known` opens.
pub(crate) fn no_adapter(url: &str, known: &[&str]) -> Error {
    let Some((scheme, _)) = split(url) else { return Error::invalid(not_a_url(url, known)) };
    let ours: Vec<&str> = OURS.iter().map(|(scheme, _)| *scheme).collect();
    let near = nearest(&scheme, known).or_else(|| nearest(&scheme, &ours));
    let mean = other(&scheme).map_or(near, |(_, mean)| *mean);
    let is_known =
        need(&scheme).is_some() || other(&scheme).is_some() || near.is_some_and(|near| is_almost(&scheme, near));
    let is_shown = is_known || url.trim().split(':').next().is_some_and(is_plain_word);
    let what = if is_shown { format!("that begin with `{scheme}:`") } else { "of this scheme".to_owned() };
    let mut listed: Vec<_> = known.iter().map(|scheme| format!("`{scheme}:`")).collect();
    listed.sort();
    let listed = if listed.is_empty() { "none".to_owned() } else { listed.join(", ") };
    let hint = match (need(&scheme), mean, other(&scheme)) {
        (Some(need), ..) => format!("; to open it, {need}"),
        (None, Some(mean), _) => format!("; did you mean `{mean}:`?"),
        (None, None, Some(_)) => "; there is no such store".to_owned(),
        _ => String::new(),
    };
    Error::invalid(format!("no adapter here opens URLs {what}; this program knows {listed}{hint}"))
}

/// Whether it looks like the name of a product and like no password: a few small letters.
fn is_plain_word(scheme: &str) -> bool {
    scheme.len() <= 16 && scheme.chars().all(|one| one.is_ascii_lowercase() || one == '-')
}

fn not_a_url(text: &str, known: &[&str]) -> String {
    let text = text.trim();
    let word = text.to_ascii_lowercase();
    if text.is_empty() {
        "the URL of the store is empty; write one such as `sqlite:jobs.db`".to_owned()
    } else if known.contains(&word.as_str()) || need(&word).is_some() {
        format!("`{word}` is not a URL without its colon; write `{}`", example(&word))
    } else if is_of_libpq(&word) {
        "the store is named by a URL, not by a connection string of libpq; write \
         `postgres://user:password@host:5432/database`"
            .to_owned()
    } else {
        "the store is named by a URL, and this is no URL, since it does not begin with a scheme and a colon; write \
         `sqlite:jobs.db` or `postgres://user:password@host/database`"
            .to_owned()
    }
}

fn example(scheme: &str) -> String {
    match scheme {
        "postgres" | "postgresql" => format!("{scheme}://user:password@host/database"),
        "sqlite" => "sqlite:jobs.db".to_owned(),
        _ => format!("{scheme}:"),
    }
}

/// Whether the text has one of the common settings of a connection string.
fn is_of_libpq(text: &str) -> bool {
    let settings = ["host", "hostaddr", "port", "dbname", "user", "password", "sslmode", "service"];
    let words =
        text.split(|one: char| !one.is_ascii_alphanumeric() && one != '=').filter_map(|word| word.split_once('='));
    words.into_iter().any(|(key, _)| settings.contains(&key))
}

/// What a program needs for the adapter of one of our schemes.
fn need(scheme: &str) -> Option<&'static str> {
    OURS.iter().find(|(ours, _)| *ours == scheme).map(|(_, need)| *need)
}

/// Whether a URL of this scheme names a server, and so may hold a password.
pub(super) fn is_of_server(scheme: &str) -> bool {
    let is_local = ["async", "file", "inline", "memory", "sqlite", "sqlite3", "test"].contains(&scheme);
    !is_local && (need(scheme).is_some() || other(scheme).is_some())
}

fn other(scheme: &str) -> Option<&'static (&'static str, Option<&'static str>)> {
    OTHERS.iter().find(|(other, _)| *other == scheme)
}
