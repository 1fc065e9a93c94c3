//! Real processes over a real file: killed, suspended, without disk space, with bad input. No job is ever lost.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on is to stop")]

mod blocked_runtime;
mod completion;
mod damaged_file;
mod input;
mod killed_process;
mod load;
mod locked_file;
mod poison;
#[path = "../../jobs-postgres/tests/common/proxy.rs"]
mod proxy;
mod recurring;
mod severed_connection;
mod signals;
mod storage;
mod support;
mod suspended_process;
mod unique;
