//! YAML as Ruby's Psych writes and reads it: values with their tags, and nothing that is made from them.

mod document;
mod json;
mod node;
mod number;
mod read;
mod scalar;
mod style;
mod time;
mod write;

pub(crate) use document::first_tag;
pub(crate) use json::{json_of, node_of};
pub(crate) use node::Node;
pub(crate) use read::read;
pub(crate) use write::Document;
