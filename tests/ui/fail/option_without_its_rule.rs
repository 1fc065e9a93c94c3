//! errors: 1
#![allow(unused)]

use std::collections::HashSet;

use jobs::prelude::*;

#[job(attempts = 5)]
async fn deliver(card: u64) -> Result<(), std::io::Error> {
    Ok(())
}

fn main() {}
