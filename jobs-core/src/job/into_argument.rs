//! The values that a setter of an optional argument accepts.

/// A value that converts into an argument of type `T`: a `T`; for an `Option`, also the value in it; for an
/// `Option<String>`, also a `&str`.
///
/// The setters that `#[job]` writes for `#[default] message: Option<String>` take it, so that `.message("Hello")`,
/// `.message(text)`, `.message(Some(text))` and `.message(None)` all work.
#[diagnostic::on_unimplemented(
    message = "the argument is of type `{T}`, and `{Self}` does not become one",
    label = "becomes no `{T}`"
)]
pub trait IntoArgument<T> {
    /// The argument.
    fn into_argument(self) -> T;
}

impl<T> IntoArgument<T> for T {
    fn into_argument(self) -> T {
        self
    }
}

impl<T> IntoArgument<Option<T>> for T {
    fn into_argument(self) -> Option<T> {
        Some(self)
    }
}

impl IntoArgument<Option<String>> for &str {
    fn into_argument(self) -> Option<String> {
        Some(self.to_owned())
    }
}
