//! errors: 1
#![allow(unused)]

use std::collections::HashSet;

use jobs::prelude::*;

#[job(redact(card))]
async fn deliver(#[serde(rename = concat!("credit", "Card"))] card: u64) -> Result<(), std::io::Error> {
    Ok(())
}

fn main() {}
