//! Part of `jobs`.
