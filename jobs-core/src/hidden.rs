//! The text in place of what must not be displayed.

/// Replaces arguments that must not be displayed (Active Job's `log_arguments = false`), and parts of URLs.
pub const HIDDEN: &str = "[hidden]";
