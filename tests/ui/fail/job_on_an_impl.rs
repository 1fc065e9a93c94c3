//! errors: 1
#![allow(unused)]

use jobs::prelude::*;

struct Letter;

#[job(queue = "mail")]
impl Letter {}

fn main() {}
