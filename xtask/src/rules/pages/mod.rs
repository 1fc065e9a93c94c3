//! Rules about the pages of documentation.

pub(super) mod conformance;
pub(super) mod front_page;
pub(super) mod links;
pub(super) mod programs;
