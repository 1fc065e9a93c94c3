//! A YAML document: its nodes with their locations, and the errors and warnings about them.

mod diagnostics;
mod json;
mod list;
mod location;
mod mapping;
mod node;
mod variables;

pub(crate) use diagnostics::Diagnostics;
pub(crate) use json::json;
pub(crate) use list::listed;
pub(crate) use location::Location;
pub(crate) use mapping::{Entry, entries};
pub(crate) use node::{Kind, Node, parse};
pub(crate) use variables::Lookup;
