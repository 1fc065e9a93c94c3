//! URLs of stores on Rails' tables, `solid_queue+postgres://host/database?option=value&..`.

use jobs_core::{Error, url};

/// The options of the driver of PostgreSQL, as `sqlx` reads them.
const OF_POSTGRES: [&str; 18] = [
    "application_name",
    "dbname",
    "host",
    "hostaddr",
    "options",
    "password",
    "port",
    "ssl-ca",
    "ssl-cert",
    "ssl-key",
    "ssl-mode",
    "ssl-root-cert",
    "sslcert",
    "sslkey",
    "sslmode",
    "sslrootcert",
    "statement-cache-capacity",
    "user",
];

/// The same of MySQL.
const OF_MYSQL: [&str; 14] = [
    "charset",
    "collation",
    "socket",
    "ssl-ca",
    "ssl-cert",
    "ssl-key",
    "ssl-mode",
    "sslca",
    "sslcert",
    "sslkey",
    "sslmode",
    "statement-cache-capacity",
    "time-zone",
    "timezone",
];

/// The keys and values of the options of a URL, in their order.
pub type UrlOptions<'u> = Vec<(&'u str, &'u str)>;

/// The address of the database, with the options of its driver, and the options of the store. `driver` is the scheme of the driver
/// and `rest` what follows it in the URL, of which `shown` may be shown; `kind` says what the store's `options` are, as `an
/// option of the store on Solid Queue's tables`. A file of SQLite has no options of a driver.
///
/// # Errors
/// An option is neither of the store nor of the driver: the driver would ignore it, and log its value. Or one is given twice.
pub fn split_url<'u>(
    (driver, rest): (&str, &'u str),
    shown: &str,
    kind: &str,
    options: &[&str],
) -> Result<(String, UrlOptions<'u>), Error> {
    let (address, query) = rest.split_once('?').unwrap_or((rest, ""));
    let of_driver: &[&str] = match driver {
        "mysql" => &OF_MYSQL,
        "sqlite" => &[],
        _ => &OF_POSTGRES,
    };
    let kind = format!("{kind} (in a password `%3F` stands for `?`, `%26` for `&`)");
    let all = url::known_options(query, shown, &kind, &[options, of_driver].concat())?;
    let (ours, of_driver): (Vec<_>, Vec<_>) = all.into_iter().partition(|(key, _)| options.contains(key));
    let of_driver: Vec<String> = of_driver.iter().map(|(key, value)| format!("{key}={value}")).collect();
    let separator = if of_driver.is_empty() { "" } else { "?" };
    Ok((format!("{driver}:{address}{separator}{}", of_driver.join("&")), ours))
}

/// Reads `yes` or `no`, the value of the option `key`.
///
/// # Errors
/// It is another word, which is shown only if it is nearly one of them.
pub fn is_yes(key: &str, value: &str) -> Result<bool, Error> {
    match value {
        "yes" => Ok(true),
        "no" => Ok(false),
        _ => Err(url::unknown(&format!("a value of `{key}`"), value, &["yes", "no"])),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(driver: &str, rest: &'static str) -> Result<(String, UrlOptions<'static>), Error> {
        split_url((driver, rest), "x:..", "an option of the store", &["names", "rails"])
    }

    #[test]
    fn options_of_the_driver_stay_with_the_address_and_those_of_the_store_do_not() {
        let (target, ours) =
            split("postgres", "//u:p@host/db?names=ruby&sslmode=require&rails=8.0&options=-c%20x").unwrap();
        assert_eq!(target, "postgres://u:p@host/db?sslmode=require&options=-c%20x");
        assert_eq!(ours, [("names", "ruby"), ("rails", "8.0")]);
        assert_eq!(split("sqlite", "a.sqlite3").unwrap(), ("sqlite:a.sqlite3".to_owned(), Vec::new()));
    }

    #[test]
    fn an_option_that_neither_the_store_nor_the_driver_has_is_refused_without_its_value() {
        let wrong = [
            ("postgres", "//host/db?pasword=ssw0rd", "`password`"),
            ("mysql", "//host/db?sslmod=ssw0rd", "`sslmode`"),
            ("sqlite", "a.sqlite3?sslmode=ssw0rd", "`names`"),
        ];
        for (driver, rest, named) in wrong {
            let words = split(driver, rest).unwrap_err().to_string();
            assert!(words.contains(named) && !words.contains("ssw0rd"), "{words}");
        }
    }

    #[test]
    fn yes_and_no_are_words_of_their_own() {
        assert!(is_yes("create_tables", "yes").unwrap() && !is_yes("create_tables", "no").unwrap());
        let words = is_yes("create_tables", "ssw0rd").unwrap_err().to_string();
        assert!(words.contains("create_tables") && !words.contains("ssw0rd"), "{words}");
    }
}
