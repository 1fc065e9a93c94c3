//! The dashboard in a browser: live updates, pages without scripts, keyboard, accessibility.
//!
//! The tests need Chromium with its chromedriver. The accessibility tests need the file of axe-core that `JOBS_TEST_AXE` names.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on is to stop")]

mod accessibility;
mod choices;
mod driver;
mod keyboard;
mod live_updates;
mod names;
mod pictures;
mod server;
mod without_scripts;
