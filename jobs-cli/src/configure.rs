//! The function with which a program sets up its runtime.

use jobs::{Config, RuntimeBuilder};

/// Gives the runtime what the jobs of the program need.
pub(crate) type Configure = Box<dyn FnOnce(RuntimeBuilder) -> RuntimeBuilder + Send>;

/// The builder of the runtime that `start` would run, with this configuration.
pub(crate) fn runtime_builder(config: &Config, configure: Configure) -> RuntimeBuilder {
    configure(config.builder())
}
