//! errors: 1
#![allow(unused)]

use jobs::prelude::*;

#[jobs::base(queue = "mail")]
fn application_job() {}

fn main() {
    application_job();
}
