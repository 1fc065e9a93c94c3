//! No error, and no `Debug`, shows a password of a URL, in whatever way the URL is wrong.

use std::error::Error as _;

use jobs_postgres::PostgresOptions;

const SECRET: &str = "ssw0rd-Secret";

/// All that can be seen of reading the URL.
fn seen(url: &str) -> String {
    match PostgresOptions::from_url(url) {
        Ok(options) => format!("{options:?}"),
        Err(error) => {
            let causes = std::iter::successors(error.source(), |one| (*one).source());
            let causes: Vec<_> = causes.map(|one| format!("{one} {one:?}")).collect();
            format!("{error} {error:?} {}", causes.join(" "))
        }
    }
}

/// Passwords that contain the secret, and characters that have a meaning in a URL.
fn passwords() -> Vec<String> {
    let odd =
        ["", "@", "?", "/", ":", "#", "&", "=", "%", "%zz", "%2", ";", " ", "'", "\\", "[", "]", ",", "é", "\n", "://"];
    let mut all = Vec::new();
    for one in odd {
        for other in odd {
            all.push(format!("{one}{SECRET}{other}"));
            all.push(format!("a{one}{other}{SECRET}"));
        }
    }
    all
}

#[test]
fn no_spelling_of_a_login_shows_its_password() {
    for password in passwords() {
        for url in [
            format!("postgres://me:{password}@localhost:5432/shop"),
            format!("postgres://me:{password}@localhost:port/shop?listen=on&listen=on"),
            format!("postgresql://:{password}@localhost"),
            format!("postgres:me:{password}@localhost/shop"),
            format!("postgres:/me:{password}@localhost/shop"),
            format!("postgres//me:{password}@localhost/shop"),
            format!("Postgres://me:{password}@localhost/shop?sslmode=on"),
            format!("postgers://me:{password}@localhost/shop"),
            format!("me:{password}@localhost/shop"),
            format!("postgres://localhost/shop postgres://me:{password}@localhost/shop"),
            format!("postgres://a:b@localhost/shoppostgres://me:{password}@localhost/shop"),
            format!("postgres://a:b@localhost/shop?schema=x,postgres://me:{password}@localhost/shop&listen=5"),
            format!("store: postgres://me:{password}@localhost/shop"),
            format!("\"postgres://me:{password}@localhost/shop\""),
        ] {
            let words = seen(&url);
            // A schema is a name that is shown, and the URL was pasted into it as a whole.
            let is_schema = words.contains("schema: ");
            assert!(is_schema || !words.contains(SECRET), "{url}: {words}");
        }
    }
}

#[test]
fn no_spelling_of_an_option_shows_its_value() {
    for password in passwords() {
        for url in [
            format!("postgres://localhost/shop?user=me&password={password}&port=x"),
            format!("postgres://localhost/shop?password={password}&password=x"),
            format!("postgres://localhost/shop?password=x&password={password}"),
            format!("postgres://localhost/shop?PASSWORD={password}"),
            format!("postgres://localhost/shop?Password={password}&port=x"),
            format!("postgres://localhost/shop?pass%77ord={password}"),
            format!("postgres://localhost/shop?passwd={password}"),
            format!("postgres://localhost/shop?passwort={password}&sslmode=x"),
            format!("postgres://localhost/shop?{password}"),
            format!("postgres://localhost/shop?{password}=1"),
            format!("postgres://localhost/shop?port={password}"),
            format!("postgres://localhost/shop?call_timeout={password}"),
            format!("postgres://localhost/shop?vacuum_after={password}"),
            format!("postgres://localhost/shop?listen={password}"),
            format!("postgres://localhost/shop?sslmode={password}"),
            format!("postgres://localhost;password={password}"),
            format!("postgres://localhost/shop;password={password}"),
            format!("host=localhost dbname=shop password={password}"),
            format!("host=localhost password='{password}' port=x"),
        ] {
            let words = seen(&url);
            assert!(!words.contains(SECRET), "{url}: {words}");
        }
    }
}

#[test]
fn a_password_may_hold_each_character_if_it_is_encoded() {
    let url = "postgres://me:%40%3F%2F%3A%23%26%3D%25@localhost/shop?schema=a&listen=off";
    assert!(PostgresOptions::from_url(url).is_ok());
    assert!(PostgresOptions::from_url("POSTGRES://localhost/shop").is_ok());
    let in_query = PostgresOptions::from_url("postgres://localhost/shop?user=me&password=a@b").unwrap();
    assert!(format!("{in_query:?}").contains("user: Some(\"me\")"), "{in_query:?}");
    assert!(PostgresOptions::from_url("postgres://me:a/b:c#d;e=f@localhost/shop").is_ok());
    assert!(PostgresOptions::from_url("postgres:///shop?host=/var/run/postgresql&user=me").is_ok());
    assert!(PostgresOptions::from_url("postgres://%2Fvar%2Frun/shop").is_ok());
    assert!(PostgresOptions::from_url("postgres://a:1,b:2,[::1]:3/shop?target_session_attrs=read-write").is_ok());
}
