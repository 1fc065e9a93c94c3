//! The reference store of [`jobs`](https://docs.rs/jobs): in memory, behind one lock, obvious and complete.
//!
//! Other stores are compared with it. What it holds is gone with the process, so it serves development,
//! tests, and programs whose jobs may be lost; its URLs are `memory:` and `async:`.

mod claiming;
mod holds;
mod inspect;
mod manage;
mod piles;
mod processes;
mod recurring;
mod settling;
mod shelf;
mod store;
mod url;
mod wakeups;

pub use store::MemoryStore;
