//! Stores that break one promise each: the suite sees it, and by the right case.
//!
//! Each is the store in memory with one thing wrong. A case that a wrong store fails passes on the true one.

mod claiming;
mod enqueuing;
mod inspection;
mod management;
mod play;
mod recurring;
mod settling;
mod timing;
mod unique_keys;
