//! Jobs as the runtime knows them, for jobs that are written without the macro.
//!
//! ```
//! use jobs::definition::Definition;
//! use jobs::prelude::*;
//!
//! #[job(queue = "mail")]
//! async fn greet(name: String) -> Result<(), std::io::Error> {
//!     println!("Hello, {name}!");
//!     Ok(())
//! }
//!
//! let definition = Definition::of::<Greet>();
//! assert_eq!(definition.name(), "greet");
//! assert_eq!(definition.settings().queue, Some("mail"));
//! ```
//!
//! The guide shows [a whole job without the macro](crate::guide::without_the_macro).

pub use jobs_core::{
    Base, Definition, IntoArgument, NotProvided, PerformedElsewhere, Provided, Registry, Remote, Requirement, Settings,
    Signature, as_error,
};
