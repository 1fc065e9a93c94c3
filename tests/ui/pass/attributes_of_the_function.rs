//! Attributes of the function apply to the job too, where that makes sense.
#![deny(warnings)]

use jobs::prelude::*;

#[cfg(any())]
#[job]
async fn never_there(to: Missing) -> Result<(), std::io::Error> {
    Ok(())
}

#[job]
#[cfg(any())]
async fn never_there_either(to: Missing) -> Result<(), std::io::Error> {
    Ok(())
}

#[job]
#[cfg(all())]
#[allow(unused_variables, clippy::needless_pass_by_value)]
async fn deliver(to: u64) -> Result<(), std::io::Error> {
    Ok(())
}

#[job(queue = "old", retry_on(any, attempts = 2))]
#[deprecated = "write `deliver`"]
async fn post(to: u64, #[default] copies: u32) -> Result<(), std::io::Error> {
    assert!(to > 0 && copies == 0);
    Ok(())
}

#[must_use]
#[inline]
#[job]
async fn weigh(parcel: u64) -> Result<u64, std::io::Error> {
    Ok(parcel)
}

#[job]
#[derive(Clone, Debug, PartialEq)]
async fn fold(letter: String, #[default] pages: Option<u32>) {
    drop((letter, pages));
}

fn main() {
    let job = Fold::new("a letter").pages(3);
    assert_eq!(job.clone(), job);
    assert_eq!(format!("{job:?}"), r#"Fold { letter: "a letter", pages: Some(3) }"#);
    let _ = Deliver::perform_later(1);
    let _ = Weigh::perform_later(1);
    #[allow(deprecated)]
    let _ = Post::perform_later(1);
}
