//! The reference store of `jobs`: in memory, behind one lock, obvious and complete.
//!
//! Other stores are compared with it. Its jobs are gone when the process ends, so it serves development, tests, and
//! programs whose jobs may be lost; its URLs are `memory:` and `async:`.

mod stored;

mod indexes;
mod key_holders;
mod processes;

mod inner;

mod claim;
mod recover;
mod settle;

mod store;

mod figures;
mod inspect;
mod manage;
mod notifier;
mod recurring;
mod url;

pub use store::MemoryStore;
