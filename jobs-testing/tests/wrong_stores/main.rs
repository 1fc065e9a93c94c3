//! Stores that break one promise each, and the cases that catch them.
//!
//! Each is the store in memory with one fault. A case that the wrong store fails passes on the correct one.

mod answers;
mod attempt_logs;
mod claiming;
mod enqueuing;
mod figures;
mod inspection;
mod management;
mod orders;
mod play;
mod recurring;
mod requirements;
mod settling;
mod timing;
mod unique_keys;
