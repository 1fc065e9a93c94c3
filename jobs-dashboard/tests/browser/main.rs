//! The dashboard in a browser: what moves, what works without scripts, the keyboard, and whoever sees little or nothing.
//!
//! The tests need Chromium with its chromedriver. Those of accessibility need the file of axe-core that `JOBS_TEST_AXE` names.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on is to stop")]

mod accessibility;
mod driver;
mod keyboard;
mod live;
mod plain;
mod served;
