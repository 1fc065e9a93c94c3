//! A plain function runs on a thread for blocking work.
#![deny(warnings)]

use jobs::prelude::*;

#[job(blocking, queue = "reports", retry_on(std::io::Error))]
fn count(words: String, #[default = 1] least: usize) -> Result<usize, std::io::Error> {
    Ok(words.split(' ').filter(|word| word.len() >= least).count())
}

struct Shop;

#[job(blocking)]
fn deliver(to: u64, ctx: &Context, shop: &Shop) -> Result<(), std::io::Error> {
    let _: (u64, jobs::JobId, &Shop) = (to, ctx.id(), shop);
    Ok(())
}

#[job(blocking)]
fn sweep(shop: &Shop) {
    let _: &Shop = shop;
}

fn main() {
    let _ = (Deliver::perform_later(1), Sweep::perform_later());
    assert_eq!(count("a job".to_owned(), 2).ok(), Some(1));
    let _ = Count::perform_later("a job");
}
