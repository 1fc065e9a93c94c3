//! Rules about how crates and modules stand to each other.

pub(super) mod code_map;
pub(super) mod layers;
pub(super) mod lifecycle;
pub(super) mod pure_core;
pub(super) mod rings;
