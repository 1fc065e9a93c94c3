//! How a test is set up: scopes, isolation, URLs, faults, and clearing between steps.

mod clearing;
mod faults;
mod isolation;
mod scopes;
mod urls;
