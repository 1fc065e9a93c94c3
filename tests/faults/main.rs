//! Real processes over a real file: killed, stopped, starved, lied to. Afterwards every job is accounted for.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on is to stop")]

mod completing;
mod damage;
mod fixture;
mod input;
mod killed;
mod load;
mod locked;
mod poison;
mod process;
#[path = "../../jobs-postgres/tests/common/proxy.rs"]
mod proxy;
mod recurring;
mod server;
mod severed;
mod signals;
mod stopped;
mod storage;
mod unique;
mod worker;
