//! A YAML document: its nodes with their locations, and the errors and warnings about them.

mod diagnostics;
mod json;
mod list;
mod location;
mod mapping;
mod node;
mod not_yaml;
mod variables;

pub(crate) use diagnostics::{Diagnostics, quoted};
pub(crate) use json::json;
pub(crate) use list::{listed, near};
pub(crate) use location::Location;
pub(crate) use mapping::{Entry, entries};
pub(crate) use node::{Kind, Node, parse};
pub(crate) use not_yaml::advice;
pub(crate) use variables::Lookup;
