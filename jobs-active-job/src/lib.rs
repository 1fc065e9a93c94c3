//! The format in which Active Job writes jobs and their arguments, for stores that `jobs` shares with Ruby.
//!
//! It is pure: no input, no output. [`SerializedJob`] is the envelope of a job, [`to_ruby`] and [`from_ruby`] convert its
//! arguments, [`Value`] is one argument in all its forms, and [`ruby`] has types for the parameters of jobs, with
//! [`GlobalId`] for records.

mod arguments;
mod class_names;
mod fields;
mod global_id;
mod job;
mod json_object;
mod plain_arguments;
mod rails;
mod reserved;
pub mod ruby;
mod value;

pub use arguments::{arguments_of, call, check_keys, from_ruby, to_ruby};
pub use class_names::ClassNames;
pub use fields::JsonFields;
pub use global_id::GlobalId;
pub use job::SerializedJob;
pub use json_object::{JsonObject, object_text};
pub use plain_arguments::{PlainArguments, named_arguments};
pub use rails::Rails;
pub use value::{Hash, HashKind, Value};
