//! Stores that break one promise each: the suite sees it, and by the right case.
//!
//! Each is the store in memory with one thing wrong. A case that a wrong store fails passes on the true one.

mod bend;
mod claims;
mod hands;
mod keys;
mod looks;
mod orders;
mod play;
mod settles;
mod ticks;
mod times;
