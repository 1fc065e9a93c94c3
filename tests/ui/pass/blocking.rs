//! A plain function, run on a thread for such.
#![deny(warnings)]

use jobs::prelude::*;

#[job(blocking, queue = "reports", retry_on(std::io::Error))]
fn count(words: String, #[default = 1] least: usize) -> Result<usize, std::io::Error> {
    Ok(words.split(' ').filter(|word| word.len() >= least).count())
}

fn main() {
    assert_eq!(count("a job".to_owned(), 2).ok(), Some(1));
    let _ = Count::perform_later("a job");
}
