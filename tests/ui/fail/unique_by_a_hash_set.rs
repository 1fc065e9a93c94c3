//! errors: 1
#![allow(unused)]

use std::collections::HashSet;

use jobs::prelude::*;

#[job(unique(until = done))]
async fn deliver(cards: Vec<HashSet<u64>>) -> Result<(), std::io::Error> {
    Ok(())
}

fn main() {}
