//! errors: 1
#![allow(unused)]

use jobs::prelude::*;

#[job(queue = "mail")]
struct Deliver {
    to: u64,
}

fn main() {}
