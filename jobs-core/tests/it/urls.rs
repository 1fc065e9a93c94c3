//! What the URLs of stores have in common.

use std::time::Duration;

use jobs_core::url::{decode, duration, known_options, masked, shown, size};

#[test]
fn options_stand_in_their_order_and_none_stands_twice() {
    assert_eq!(
        known_options("a=1&b&c=x=y", "x:", "an option", &["a", "b", "c"]).unwrap(),
        [("a", "1"), ("b", ""), ("c", "x=y")]
    );
    assert_eq!(known_options("", "x:", "an option", &[]).unwrap(), []);
    let words = known_options("a=1&a=2", "x:y", "an option", &["a"]).unwrap_err().to_string();
    assert!(words.contains("`a` is given twice in `x:y`"), "{words}");
}

#[test]
fn durations_and_sizes_have_units() {
    assert_eq!(duration("wait", "500ms").unwrap(), Duration::from_millis(500));
    assert_eq!(duration("wait", "2m").unwrap(), Duration::from_secs(120));
    assert_eq!(duration("wait", "1h30m").unwrap(), duration("wait", "1.5h").unwrap());
    let message = duration("wait", "5x").unwrap_err().to_string();
    assert!(message.contains("`wait=5x`") && message.contains("the units are us, ms, s, m, h, d, w"), "{message}");
    assert_eq!(size("max", "64MB").unwrap(), 64 << 20);
    for value in ["", "10", "soon", "-1s", "99999999999999999999s", "9999999999999999999m"] {
        assert!(duration("wait", value).unwrap_err().to_string().contains(&format!("`wait={value}`")), "{value}");
    }
    for value in ["", "10", "10kb", "99999999999999GB"] {
        assert!(size("max", value).unwrap_err().to_string().contains("`64MB`"), "{value}");
    }
}

#[test]
fn encoded_bytes_become_themselves_and_what_is_none_is_refused() {
    assert_eq!(decode("a%20b%3F%C3%A9").unwrap(), "a b?é");
    for text in ["100%", "%zz", "%2", "%ff", "%%41", "%+1"] {
        assert!(decode(text).unwrap_err().to_string().contains("`%25`"), "{text}");
    }
}

#[expect(clippy::disallowed_methods, reason = "how long the work takes is what is tested")]
#[test]
fn a_quarter_of_a_megabyte_of_options_is_read_in_linear_time() {
    let query = (0..25_000).map(|one| format!("opt{one:05}=")).collect::<Vec<_>>().join("&");
    let before = std::time::Instant::now();
    let again = known_options(&"a=1&".repeat(60_000), "x:", "an option", &["a"]).unwrap_err().to_string();
    assert!(again.len() < 300, "{again}");
    let words = known_options(&query, "x:", "an option", &["synchronous", "options"]).unwrap_err().to_string();
    assert!(words.len() < 300, "{words}");
    // The limit is far above what it takes, and far below what comparing each with each takes.
    assert!(before.elapsed() < Duration::from_secs(2), "{:?}", before.elapsed());
}

#[test]
fn nothing_of_an_unknown_option_is_shown_unless_it_is_almost_a_known_one() {
    let refused = |query| known_options(query, "x:..", "an option", &["schema", "listen"]).unwrap_err().to_string();
    assert!(refused("shema=x").starts_with("`shema` is not an option; there is `schema`, `listen`; did you mean"));
    assert!(refused("SCHEMA=x").contains("did you mean `schema`?"));
    for secret in ["ssw0rd=x", "ssw0rd", "schssw0rd=", "a=ssw0rd&schema=x", "ssw0rd@host/db"] {
        let words = refused(secret);
        assert!(!words.contains("ssw0rd") && words.contains("there is `schema`, `listen`"), "{words}");
    }
}

#[test]
fn a_value_that_is_not_a_number_with_a_unit_is_not_shown() {
    for value in ["ssw0rd", "1ssw0rd", "5m-ssw0rd", "ssw0rdssw0rdssw0rdssw0rdssw0rd"] {
        let words = format!("{} {}", duration("wait", value).unwrap_err(), size("max", value).unwrap_err());
        assert!(words.contains("`wait`") && words.contains("`max`") && !words.contains("ssw0rd"), "{words}");
    }
}

#[test]
fn only_the_scheme_of_a_known_store_is_shown_of_a_url() {
    assert_eq!(shown("postgres://me:secret@host/db"), "postgres:..");
    assert_eq!(shown(" SQLite:jobs.db"), "sqlite:..");
    for text in ["host=db password=secret", "secret", "secret:x", "", "postgres//me:secret@host", "se:cret"] {
        assert_eq!(shown(text), "[hidden]", "{text}");
    }
}

#[test]
fn no_password_is_left_in_a_text_that_is_masked() {
    for secret in [
        "postgres://u:ssw0rd@h/db",
        "@postgres://u:ssw0rd@h/db",
        "%postgres://u:ssw0rd@h/db",
        "redis://:ssw0rd@h",
        "redis://ssw0rd@h",
        "POSTGRES://u:ssw0rd@h",
        "postgres://u:a ssw0rd@h/db",
        "postgres://u:a'ssw0rd@h/db",
        "postgres://u:ssw0rd",
        "postgres://u:a@b:ssw0rd@h",
        "postgres://h/db?sslpassword=ssw0rd",
        "https://h/?token=ssw0rd",
        "postgres:u:ssw0rd",
        "postgres:u:ssw0rd@h/db",
        "u:ssw0rd@h/db",
        "Server=db;User Id=u;Pwd=ssw0rd",
        "host=db PASSWORD=ssw0rd port=1",
        "password= ssw0rd",
        "password='ssw0rd'",
        "--passwd=ssw0rd",
        "jdbc:postgresql://h/db?password=ssw0rd",
        "{url:redis://u:ssw0rd@h}",
    ] {
        for text in [
            secret.to_owned(),
            format!("`stor` is unknown, and this is `{secret}`, which expands to `{secret}`"),
            format!("put it in quotes: `\"{secret}\"`"),
            format!("unexpected argument '{secret}' found"),
            format!("jobs.yml:2:3: {secret} is no number\njobs.yml:3:4: x"),
        ] {
            let shown = masked(&text);
            assert!(!shown.contains("ssw0rd") && shown.contains("[hidden]"), "{text}: {shown}");
            assert_eq!(masked(&shown), shown, "what is masked stays");
        }
    }
}

#[test]
fn a_text_without_passwords_is_not_masked() {
    for text in [
        "",
        "sqlite:jobs.db",
        "sqlite:C:\\jobs.db",
        "`postgres:` alone, or `postgres:..`",
        "postgres://db/shop",
        "postgres://db:5432/shop",
        "see https://docs.rs/jobs/latest/jobs/index.html#start.",
        "the dashboard is at http://127.0.0.1:4000",
        "write `postgres://user:password@host/database`; or `@daily`",
        "jobs.yml:2:10: `*/5 9-17 * * 1-5 Europe/Berlin` at 10:00",
        "shop@example.com",
        "config/jobs.yml",
        "put it in quotes: `\"@daily\"`",
        "${NAME:-fallback}",
        "Eastern Time (US & Canada)",
        "mail=30s, key: value",
    ] {
        assert_eq!(masked(text), text);
    }
}
