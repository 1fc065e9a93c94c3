//! The return type of a job's function.

use syn::Type;

/// The return type.
pub(crate) struct Returned {
    /// As it is written.
    pub(crate) ty: Type,
    pub(crate) form: ReturnForm,
}

/// How a return type is written.
pub(crate) enum ReturnForm {
    /// `Result<T, E>`.
    Result { output: Box<Type>, error: Box<Type> },
    /// `()`.
    Nothing,
    /// A `Result` by another name.
    Alias,
}
