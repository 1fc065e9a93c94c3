//! errors: 1
#![allow(unused)]

use jobs::prelude::*;

#[job(queue = "mail")]
enum Deliver {
    Letter,
}

fn main() {}
