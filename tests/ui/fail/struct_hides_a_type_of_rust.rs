//! errors: 1
#![allow(unused)]

use jobs::prelude::*;

#[job]
async fn option(card: u64) {}

fn main() {}
