//! errors: 1
#![allow(unused)]

use jobs::prelude::*;

#[job(queue = "mail")]
const DELIVER: u64 = 1;

fn main() {}
