//! The guide, a page each.

#[doc = include_str!("guide/defining_jobs.md")]
pub mod defining_jobs {}

#[doc = include_str!("guide/failures.md")]
pub mod failures {}

#[doc = include_str!("guide/callbacks.md")]
pub mod callbacks {}

#[doc = include_str!("guide/context.md")]
pub mod context {}

#[doc = include_str!("guide/running.md")]
pub mod running {}

#[doc = include_str!("guide/stores.md")]
pub mod stores {}

#[cfg(feature = "config")]
#[doc = include_str!("guide/configuration.md")]
pub mod configuration {}

#[doc = include_str!("guide/command_line.md")]
pub mod command_line {}

#[doc = include_str!("guide/testing.md")]
pub mod testing {}

#[doc = include_str!("guide/by_hand.md")]
pub mod by_hand {}
