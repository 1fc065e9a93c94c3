//! A store is found by the scheme of its URL.

use jobs_core::{Adapter, Error, connect};

use crate::setup::block_on;

jobs_core::inventory::submit! {
    Adapter::new(&["paper", "stone+paper"], |url| {
        let answer = Error::other(format!("opened `{url}`"));
        Box::pin(async move { Err(answer) })
    })
}

fn answer(url: &str) -> Error {
    block_on(connect(url)).expect_err("nothing can be opened here")
}

#[test]
fn the_adapter_of_the_scheme_is_handed_the_whole_url() {
    for url in ["paper:a/b?c=d", "stone+paper://host:7/x", "paper:"] {
        assert_eq!(answer(url).to_string(), format!("opened `{url}`"));
    }
}

#[test]
fn an_unknown_scheme_is_refused_with_the_known_ones_and_without_the_rest_of_the_url() {
    let error = answer("postgres://me:secret@host/jobs");
    assert!(error.is_invalid());
    let words = error.to_string();
    assert!(words.contains("`postgres:`") && words.contains("`paper:`, `stone+paper:`"), "{words}");
    assert!(!words.contains("secret"), "{words}");
}

#[test]
fn a_scheme_is_compared_as_a_whole() {
    assert!(answer("pape:x").is_invalid());
    assert!(answer("papers:x").is_invalid());
}

#[test]
fn a_scheme_may_have_capital_letters_and_white_space_around_the_url() {
    for url in ["PAPER:a/B", " Paper:a/B\n"] {
        assert_eq!(answer(url).to_string(), "opened `paper:a/B`");
    }
}

#[test]
fn a_url_that_is_almost_right_is_told_the_right_one() {
    for (url, words) in [
        ("", "is empty; write one such as `sqlite:jobs.db`"),
        ("  ", "is empty"),
        ("jobs.db", "this is no URL"),
        ("memory", "write `memory:`"),
        ("Inline", "write `inline:`"),
        ("paper", "write `paper:`"),
        ("postgres", "write `postgres://user:password@host/database`"),
        ("host=db password=ssw0rd-Secret", "connection string of libpq"),
        (
            "sqlite3:db/production.sqlite3",
            "begin with `sqlite3:`; this program knows `paper:`, `stone+paper:`; did you mean `sqlite:`?",
        ),
        ("sqlte:x.db", "did you mean `sqlite:`?"),
        ("papper:x", "`papper:`; this program knows `paper:`, `stone+paper:`; did you mean `paper:`?"),
        ("postgres:", "add the feature `postgres` of the crate `jobs`"),
        ("POSTGRESQL://host", "add the feature `postgres` of the crate `jobs`"),
        ("test:", "add the crate `jobs-testing`"),
        (
            "redis://localhost",
            "begin with `redis:`; this program knows `paper:`, `stone+paper:`; there is no such store",
        ),
        ("mysql://localhost", "there is no such store"),
    ] {
        let error = answer(url).to_string();
        assert!(error.contains(words), "{url}: {error}");
    }
}

#[test]
fn nothing_is_shown_of_a_url_without_a_known_scheme() {
    for url in [
        "ssw0rd",
        "ssw0rd:x",
        "me:ssw0rd@host/db",
        "host=db password=ssw0rd",
        "host=db password='a:ssw0rd'",
        "user=me;password=ssw0rd;server=tcp:host",
        "//me:ssw0rd@host/db",
        "://me:ssw0rd@host/db",
        "potsgers://me:ssw0rd@host/db",
        "x-ssw0rd://host",
        "redis://:ssw0rd@host",
        "sqlite3://me:ssw0rd@host",
        "%ssw0rd",
        "{\"url\":\"postgres://me:ssw0rd@host\"}",
        "store: postgres://me:ssw0rd@host",
    ] {
        let error = answer(url);
        let words = format!("{error} {error:?}");
        assert!(error.is_invalid() && !words.contains("ssw0rd"), "{words}");
    }
}
