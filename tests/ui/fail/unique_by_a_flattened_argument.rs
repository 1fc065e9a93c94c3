//! errors: 1
#![allow(unused)]

use std::collections::HashSet;

use jobs::prelude::*;

#[job(unique(by = card, until = done))]
async fn deliver(#[serde(flatten)] card: std::collections::BTreeMap<String, u64>) -> Result<(), std::io::Error> {
    Ok(())
}

fn main() {}
