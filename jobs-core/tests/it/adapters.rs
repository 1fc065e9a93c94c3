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
